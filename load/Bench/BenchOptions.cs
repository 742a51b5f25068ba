using System.Globalization;
using Settlement.Bench.Subjects;

namespace Settlement.Bench;

/// <summary>What to measure, from the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: settlement bench [--quick] [--only NAMES] [--rounds 3] [--seconds 5] [--warm 5] [--persons 20000] [--in-flight 256]
                                [--connections 4] [--pool 32] [--scale 50] [--seed 1] [--connection "Host=..."] [--json FILE]
                                [--beside SILO.dll,Name=Value,...]
               settlement bench --adjudication [--rounds 15]
               settlement bench --overload [--strangers] [--seconds 5] [--rounds 3] [--in-flight 256] [--connections 4]
               settlement bench --check-generator [--seconds 5] [--rounds 3] [--connections 4] [--in-flight 256]
        Measures the product beside other ways to build it, turn about, on servers of its own, and checks afterwards that everything answered is
        stored. What is measured, and how to read the table: docs/performance.md. Without --connection, PostgreSQL is a throw-away server with
        fsync and synchronous commit on.
          --quick            everything in under two minutes: short phases, few persons. Good for a look, not for a record
          --only NAMES       only these scenarios, separated by commas, such as settle-postgres,one-statement. What telemetry costs:
                             settle-untold (none), settle-metered (metrics scraped), settle-told (and traces sent, at the default
                             ratio), settle-traced (every trace sent)
          --warm SECONDS     load on each scenario before anything counts, again and again until its server's compiler is quiet, at
                             most 12 times (with --quick once)
          --pool N           database connections of each SQL peer
          --scale N          scale of pgbench's tables
          --beside WHAT      also settle-beside: the product as another build of it (path of its Settlement.Silo.dll), with other settings
                             (Name=Value), or both, separated by commas. Prints how its rounds compare to those of settle-postgres
          --json FILE        keeps the figures of every round
          --adjudication     instead: the rules alone, nanoseconds and bytes allocated for each visit type
          --overload         instead: three times what the server can do, most of it from one hospital (docs/security.md)
          --strangers        the same with a key that nobody has, while a hospital asks for all that the server can do
          --check-generator  instead: the load generator beside h2load (Debian: nghttp2-client) on the empty call
        Exit code 0: measured, no error, every check held; anything else: an error, and no table.
        """;

    public bool Help { get; private init; }

    /// <summary>Measure the rules alone.</summary>
    public bool Adjudication { get; private init; }

    public bool CheckGenerator { get; private init; }

    /// <summary>Ask for more than the server can do.</summary>
    public bool Overload { get; private init; }

    /// <summary>Who asks for too much has no key.</summary>
    public bool Strangers { get; private init; }

    public string[] Only { get; private init; } = [];

    public string? Connection { get; private init; }

    public string? Json { get; private init; }

    /// <summary>The other build of the product, other settings, or both; empty: none is asked for.</summary>
    public string[] Beside { get; private init; } = [];

    public int InFlight { get; private init; } = 256;

    public int Connections { get; private init; } = 4;

    public int Persons { get; private init; } = 20_000;

    /// <summary>Rounds of each phase; the rules alone are measured over more by default, because a round of theirs is short.</summary>
    public int Rounds => GivenRounds ?? (Adjudication ? 15 : 3);

    public double Seconds { get; private init; } = 5;

    public double WarmSeconds { get; private init; } = 5;

    /// <summary>How often a scenario is warmed up at most.</summary>
    public int MostWarmLaps { get; private init; } = 12;

    public int Pool { get; private init; } = 32;

    public int Scale { get; private init; } = 50;

    /// <summary>
    /// Files of its log, 16 MiB each, that the throw-away server makes before anything counts: what a run writes, and more.
    /// </summary>
    public int LogFiles { get; private init; } = 512;

    public int Seed { get; private init; } = 1;

    public TimeSpan Span => TimeSpan.FromSeconds(Seconds);

    public TimeSpan Warm => TimeSpan.FromSeconds(WarmSeconds);

    private int? GivenRounds { get; init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong.</exception>
    public static BenchOptions Parse(string[] args)
    {
        if (args.Any(arg => arg is "--help" or "-h")) return new BenchOptions { Help = true };
        BenchOptions options = args.Contains("--quick")
            ? new BenchOptions
            {
                GivenRounds = 2,
                Seconds = 1,
                WarmSeconds = 1,
                MostWarmLaps = 1,
                Persons = 4_000,
                Scale = 10,
                LogFiles = 64,
            }
            : new BenchOptions();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name == "--quick") continue;
            if (name is "--check-generator" or "--adjudication" or "--overload" or "--strangers")
            {
                options = options with
                {
                    Adjudication = options.Adjudication || name == "--adjudication",
                    CheckGenerator = options.CheckGenerator || name == "--check-generator",
                    Overload = options.Overload || name == "--overload",
                    Strangers = options.Strangers || name == "--strangers",
                };
                continue;
            }

            string value = i + 1 < args.Length
                ? args[++i]
                : throw new ArgumentException($"{name} needs a value, or is not an option.\n{Usage}");
            options = name switch
            {
                "--only" => options with { Only = [.. value.Split(',').Select(Scenario)] },
                "--connection" => options with { Connection = value },
                "--json" => options with { Json = value },
                "--beside" => options with { Beside = [.. value.Split(',').Select(Part)] },
                "--in-flight" => options with { InFlight = Number(name, value) },
                "--connections" => options with { Connections = Number(name, value) },
                "--persons" => options with { Persons = Number(name, value) },
                "--rounds" => options with { GivenRounds = Number(name, value) },
                "--seconds" => options with { Seconds = Number(name, value) },
                "--warm" => options with { WarmSeconds = Number(name, value) },
                "--pool" => options with { Pool = Number(name, value) },
                "--scale" => options with { Scale = Number(name, value) },
                "--seed" => options with { Seed = Number(name, value) },
                _ => throw new ArgumentException($"'{name}' is not an option.\n{Usage}"),
            };
        }

        return options.InFlight >= options.Connections
            ? options
            : throw new ArgumentException(
                $"--in-flight is {options.InFlight}: there must be a call for each of the {options.Connections} connections.");
    }

    /// <summary>Whether a scenario is asked for.</summary>
    public bool Wants(string scenario) => scenario == Scenarios.Beside
        ? Beside.Length > 0
        : Only.Length == 0
        ? !Scenarios.OnlyByName.Contains(scenario)
        : Only.Contains(scenario);

    private static string Scenario(string name) => name == Scenarios.Beside
        ? throw new ArgumentException($"--only {name} says not beside what: ask with --beside.")
        : Scenarios.Names.Contains(name)
        ? name
        : throw new ArgumentException($"--only does not know '{name}'. It knows {string.Join(", ", Scenarios.Names)}.");

    private static string Part(string part) => SubjectFactory.IsProgram(part) || part.IndexOf('=') > 0
        ? part
        : throw new ArgumentException($"--beside has '{part}': expected the path of a Settlement.Silo.dll, or Name=Value.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number above 0.");
}
