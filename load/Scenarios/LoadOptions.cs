using System.Globalization;
using Settlement.Scenarios.Playing;

namespace Settlement.Scenarios;

/// <summary>What to play, from the command line.</summary>
internal sealed record LoadOptions
{
    /// <summary>Shown by <c>--help</c>.</summary>
    public static readonly string Usage = $"""
        Usage: settlement load SCENARIO[,SCENARIO]... [--rate N] [--duration 90s|15m|2h] [--seed N] [--persons N] [--p99 MS] [--memory MB]
                               [--capacity N] [--batch N] [--reports DIR] [--store sqlite|postgres] [--connection "Host=..."]
                               [--server NAME=VALUE]... [--target http://HOST:PORT [--key KEY]]

        Scenarios:
        {string.Join('\n', Scenario.All.Select(scenario => $"  {scenario.Name,-10} {scenario.Shows}"))}

        Arrivals come by a plan, whatever becomes of the answers; latency counts from the scheduled start. Without --target a server of its own
        is started on an empty ledger, and the ledger is audited afterwards; --server hands it a setting. Without --connection, postgres is a
        throw-away server. --p99 is the latency which 99 % must keep, in ms (0: not checked). Reports go to load-reports/.
        Exit code 0: every answer as expected, thresholds kept, invariants hold; 1: not so; 2: wrong arguments.
        """;

    /// <summary>Whether only the usage is asked for.</summary>
    public bool Help { get; private init; }

    /// <summary>What to play, one after the other on one server.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; private init; } = [];

    /// <summary>Arrivals a second, at the peak for the morning; null: what the scenario has by default.</summary>
    public int? Rate { get; private init; }

    /// <summary>Length in seconds; null: what the scenario has by default.</summary>
    public int? Seconds { get; private init; }

    /// <summary>Same seed, same persons, visits and moments.</summary>
    public int Seed { get; private init; } = 1;

    /// <summary>Insured persons.</summary>
    public int Persons { get; private init; } = 5_000;

    /// <summary>Most milliseconds for 99 % of the iterations; 0: not checked.</summary>
    public int P99 { get; private init; } = 250;

    /// <summary>Most megabytes that the server may hold in the soak.</summary>
    public int MemoryMegabytes { get; private init; } = 1_024;

    /// <summary>Settlements a second which the server can do; 0: measured first.</summary>
    public int Capacity { get; private init; }

    /// <summary>Discharges in one upload of the bulk stream.</summary>
    public int Batch { get; private init; } = 100;

    /// <summary>Where reports go, a folder for each run.</summary>
    public string Reports { get; private init; } = "load-reports";

    /// <summary>Whether an own server keeps its ledger in PostgreSQL.</summary>
    public bool Postgres { get; private init; }

    /// <summary>PostgreSQL of an own server; null: a throw-away one.</summary>
    public string? Connection { get; private init; }

    /// <summary>Further settings of an own server.</summary>
    public IReadOnlyList<string> ServerSettings { get; private init; } = [];

    /// <summary>A running server; null: one is started.</summary>
    public string? Target { get; private init; }

    /// <summary>Bearer key for the target; null: none.</summary>
    public string? Key { get; private init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong.</exception>
    public static LoadOptions Parse(string[] args)
    {
        if (args.Length == 0 || args.Contains("--help") || args.Contains("-h")) return new LoadOptions { Help = true };
        LoadOptions options = new() { Scenarios = [.. args[0].Split(',').Select(Named)] };
        for (int i = 1; i < args.Length; i += 2)
        {
            string name = args[i];
            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{name} needs a value.");
            options = name switch
            {
                "--rate" => options with { Rate = Number(name, value, 1) },
                "--duration" => options with { Seconds = Length(name, value) },
                "--seed" => options with { Seed = Number(name, value, 0) },
                "--persons" => options with { Persons = Number(name, value, 1) },
                "--p99" => options with { P99 = Number(name, value, 0) },
                "--memory" => options with { MemoryMegabytes = Number(name, value, 1) },
                "--capacity" => options with { Capacity = Number(name, value, 1) },
                "--batch" => options with { Batch = Number(name, value, 1) },
                "--reports" => options with { Reports = value },
                "--store" => options with { Postgres = Store(value) == "postgres" },
                "--connection" => options with { Connection = value },
                "--server" => options with { ServerSettings = [.. options.ServerSettings, value] },
                "--target" => options with { Target = Address(value) },
                "--key" => options with { Key = value },
                _ => throw new ArgumentException($"'{name}' is not an option."),
            };
        }

        return options.Checked();
    }

    private LoadOptions Checked()
    {
        if (Connection is not null && !Postgres) throw new ArgumentException("--connection belongs to --store postgres.");
        if (Target is not null && (Postgres || ServerSettings.Count > 0))
            throw new ArgumentException("--store and --server are for a server of its own: leave them out with --target.");
        if (Key is not null && Target is null) throw new ArgumentException("--key belongs to --target.");
        return this;
    }

    private static Scenario Named(string name) => Scenario.All.FirstOrDefault(known => known.Name == name)
        ?? throw new ArgumentException(
            $"'{name}' is no scenario: choose one of {string.Join(", ", Scenario.All.Select(known => known.Name))}.");

    private static string Store(string value) =>
        value is "sqlite" or "postgres" ? value : throw new ArgumentException($"--store is '{value}': expected sqlite or postgres.");

    private static string Address(string value) => Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
        ? value
        : throw new ArgumentException($"--target is '{value}': expected http://HOST:PORT.");

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number of at least {least}.");

    private static int Length(string name, string value)
    {
        int unit = value.Length == 0 ? 0 : value[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return unit > 0 && int.TryParse(value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is > 0 and <= 100_000
            ? count * unit
            : throw new ArgumentException($"{name} is '{value}': expected a whole number with s, m or h, for example 90s.");
    }
}
