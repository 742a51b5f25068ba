using System.Globalization;
using Settlement.Fill;
using Settlement.Ledger;

namespace Settlement.StateBench;

/// <summary>What to measure, from the command line.</summary>
internal sealed record StateOptions
{
    public const string Usage = """
        Usage: settlement bench --state [--persons 100000] [--entries 1000000] [--years 3] [--seed 1]
                                [--ledger postgres|sqlite] [--connection "Host=..." | --data DIR]
                                [--parts throughput,wake,memory] [--active 5000] [--wakes 2000] [--idle 100000]
                                [--in-flight 256] [--rounds 3] [--seconds 5]
        What the size of the state costs, in one process, without the wire: settlements a second on a small ledger (only the active
        persons) and on a large one, turn about; the time of the first call to persons who are not active; memory per idle active person.
        --connection or --data names a ledger that `settlement fill` made with the same persons, entries, years and seed; without them
        one is made on a throw-away server. Persons are settled for in it: it is no longer a bare fill afterwards.
        Exit code 0: measured and checked; 1: an error or a broken invariant; 2: a wrong argument.
        """;

    private static readonly string[] Known = ["throughput", "wake", "memory"];

    public bool Help { get; private init; }

    public FillPlan Plan { get; private init; } = null!;

    public LedgerProvider Provider { get; private init; }

    /// <summary>Connection string or folder of a filled ledger; null to make one.</summary>
    public string? Filled { get; private init; }

    public string[] Parts { get; private init; } = Known;

    public int Active { get; private init; }

    public int Wakes { get; private init; }

    public int Idle { get; private init; }

    public int InFlight { get; private init; }

    public int Rounds { get; private init; }

    public int Seconds { get; private init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong.</exception>
    public static StateOptions Parse(string[] args)
    {
        string[] names =
        [
            "--persons", "--entries", "--years", "--seed", "--ledger", "--connection", "--data", "--parts", "--active", "--wakes", "--idle",
            "--in-flight", "--rounds", "--seconds",
        ];
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (args[i] is "--help" or "-h") return new StateOptions { Help = true };
            if (!names.Contains(args[i])) throw new ArgumentException($"'{args[i]}' is not an option.\n{Usage}");
            given[args[i]] = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.\n{Usage}");
        }

        string provider = given.GetValueOrDefault("--ledger", "postgres");
        if (provider is not ("sqlite" or "postgres"))
            throw new ArgumentException($"--ledger is '{provider}': expected sqlite or postgres.");
        if (given.ContainsKey(provider == "postgres" ? "--data" : "--connection"))
            throw new ArgumentException("--connection belongs to --ledger postgres, --data to --ledger sqlite.");
        string[] parts = given.TryGetValue("--parts", out string? listed) ? listed.Split(',') : Known;
        if (parts.FirstOrDefault(part => !Known.Contains(part)) is { } unknown)
            throw new ArgumentException($"--parts holds '{unknown}': expected {string.Join(", ", Known)}.");
        StateOptions options = new()
        {
            Plan = new FillPlan(Number("--persons", 100_000), Number("--entries", 1_000_000), Number("--years", 3), Number("--seed", 1)),
            Provider = provider == "postgres" ? LedgerProvider.Postgres : LedgerProvider.Sqlite,
            Filled = given.GetValueOrDefault("--connection") ?? given.GetValueOrDefault("--data"),
            Parts = parts,
            Active = Number("--active", 5_000),
            Wakes = Number("--wakes", 2_000),
            Idle = Number("--idle", 100_000),
            InFlight = Number("--in-flight", 256),
            Rounds = Number("--rounds", 3),
            Seconds = Number("--seconds", 5),
        };
        foreach ((string name, int number) in new[] { ("--active", options.Active), ("--wakes", options.Wakes * 2),
            ("--idle", options.Idle) })
        {
            if (number > options.Plan.Persons)
                throw new ArgumentException(
                    $"{name} asks for {number} persons: the ledger has {options.Plan.Persons} (a wake is measured twice).");
        }

        return options;

        int Number(string name, int fallback) => !given.TryGetValue(name, out string? text) ? fallback
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new ArgumentException($"{name} is '{text}': expected a whole number above 0.");
    }
}
