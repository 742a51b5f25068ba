using System.Globalization;

namespace Settlement.Bench;

/// <summary>What to measure, from the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Usage: settlement bench [--stores sqlite,postgres] [--connection "Host=..."] [--in-flight 256] [--persons 5000]
                                [--rounds 3] [--seconds 5] [--seed 1] [--connections 4]
               settlement bench --adjudication [--rounds 15]
        Measures durable settlements beside the empty call, turn about, on a server of its own. Without --connection, PostgreSQL is a
        throw-away server with fsync on. With --adjudication: the pure rules alone, ns and bytes allocated for each visit type, no server. Exit code 0: measured and the ledger checked; anything else: an error or a broken invariant.
        """;

    public bool Help { get; private init; }

    /// <summary>Measure the rules alone.</summary>
    public bool Adjudication { get; private init; }

    public string[] Stores { get; private init; } = ["sqlite", "postgres"];

    public string? Connection { get; private init; }

    public int InFlight { get; private init; } = 256;

    public int Connections { get; private init; } = 4;

    public int Persons { get; private init; } = 5_000;

    /// <summary>Rounds of each phase; the rules alone are measured over more by default, because a round of theirs is short.</summary>
    public int Rounds => GivenRounds ?? (Adjudication ? 15 : 3);

    public int Seconds { get; private init; } = 5;

    public int Seed { get; private init; } = 1;

    private int? GivenRounds { get; init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong.</exception>
    public static BenchOptions Parse(string[] args)
    {
        BenchOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name is "--help" or "-h") return new BenchOptions { Help = true };
            if (name == "--adjudication")
            {
                options = options with { Adjudication = true };
                continue;
            }

            string value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value.\n{Usage}");
            options = name switch
            {
                "--stores" => options with { Stores = [.. value.Split(',').Select(Store)] },
                "--connection" => options with { Connection = value },
                "--in-flight" => options with { InFlight = Number(name, value) },
                "--connections" => options with { Connections = Number(name, value) },
                "--persons" => options with { Persons = Number(name, value) },
                "--rounds" => options with { GivenRounds = Number(name, value) },
                "--seconds" => options with { Seconds = Number(name, value) },
                "--seed" => options with { Seed = Number(name, value) },
                _ => throw new ArgumentException($"'{name}' is not an option.\n{Usage}"),
            };
        }

        return options;
    }

    private static string Store(string name) =>
        name is "sqlite" or "postgres" ? name : throw new ArgumentException($"--stores knows sqlite and postgres, not '{name}'.");

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number above 0.");
}
