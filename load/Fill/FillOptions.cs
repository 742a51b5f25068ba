using System.Globalization;
using Settlement.Ledger;

namespace Settlement.Fill;

/// <summary>What to fill, from the command line.</summary>
internal sealed record FillOptions
{
    public const string Usage = """
        Usage: settlement fill --persons N --entries M [--ledger sqlite|postgres] [--data DIR] [--connection "Host=..."]
                               [--years 3] [--seed 1] [--writers 0] [--resume]
        Fills an empty ledger with made-up histories of N insured persons, M entries altogether: registrations and facts first, then
        settlements by the packs in force, year by year. The same numbers and seed give the same ledger, hash by hash. --resume goes on
        with an interrupted fill of the same numbers and seed; any other entry in the ledger ends it. --writers 0 takes what suits the
        store. Exit code 0: filled, and what it took is printed; 1: an error; 2: a wrong argument.
        """;

    public bool Help { get; private init; }

    public FillPlan Plan { get; init; } = null!;

    public LedgerOptions Ledger { get; init; } = new();

    public bool Resume { get; private init; }

    /// <summary>Large transactions: nobody waits for a single entry here.</summary>
    public static LedgerWriterOptions BulkWriter(int count) => new()
    {
        QueueCapacity = 1 << 16,
        MaxBatchEntries = 4096,
        MaxBatchBytes = 32 << 20,
        Count = count,
    };

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, missing or wrong.</exception>
    public static FillOptions Parse(string[] args)
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        bool resume = false;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--help" or "-h") return new FillOptions { Help = true };
            if (args[i] == "--resume") resume = true;
            else if (args[i] is not ("--persons" or "--entries" or "--ledger" or "--data" or "--connection" or "--years" or "--seed"
                or "--writers"))
                throw new ArgumentException($"'{args[i]}' is not an option.\n{Usage}");
            else if (i + 1 == args.Length) throw new ArgumentException($"{args[i]} needs a value.\n{Usage}");
            else given[args[i]] = args[++i];
        }

        FillPlan plan = new(Number("--persons"), Number("--entries"), (int)Number("--years", 3), (int)Number("--seed", 1));
        return new FillOptions { Plan = plan, Ledger = Store(), Resume = resume };

        long Number(string name, long? fallback = null)
        {
            if (!given.TryGetValue(name, out string? text)) return fallback ?? throw new ArgumentException($"{name} is missing.\n{Usage}");
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue
                ? number
                : throw new ArgumentException($"{name} is '{text}': expected a whole number from 0 to {int.MaxValue}.");
        }

        LedgerOptions Store()
        {
            string provider = given.GetValueOrDefault("--ledger", "sqlite");
            string? connection = given.GetValueOrDefault("--connection");
            if (provider is not ("sqlite" or "postgres"))
                throw new ArgumentException($"--ledger is '{provider}': expected sqlite or postgres.");
            if (provider == "postgres" && connection is null) throw new ArgumentException("--ledger postgres needs --connection.");
            if (provider == "sqlite" && connection is not null) throw new ArgumentException("--connection belongs to --ledger postgres.");
            return new LedgerOptions
            {
                Provider = connection is null ? LedgerProvider.Sqlite : LedgerProvider.Postgres,
                Path = Path.Combine(given.GetValueOrDefault("--data", "data"), "ledger.db"),
                ConnectionString = connection ?? "",
                Writer = BulkWriter((int)Number("--writers", 0)),
            };
        }
    }
}
