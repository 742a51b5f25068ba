using System.Globalization;

namespace Settlement.Torture;

/// <summary>What to torture and for how long, from the command line.</summary>
internal sealed record TortureOptions
{
    public const string Usage = """
        Usage: settlement torture [--minutes N] [--seed S] [--store postgres|sqlite] [--silos N] [--clients N] [--persons N] [--every MS]
                                  [--disk yes|no] [--membership localhost|adonet] [--history FILE]
        Starts the silos as processes of their own on an empty ledger, lets clients settle, and strikes with faults at moments drawn from the
        seed: kills, pauses, cuts, full and stalled disks. Then every fault ends, every unknown outcome is asked for, the silos stop, and what
        the clients saw is held against the ledger. --minutes may have a decimal point. --every is the mean time between faults.
        sqlite is one silo. --disk no leaves out the faults of the disk, which need the right to mount. --membership adonet makes the silos
        one Orleans cluster (stack packages, postgres) and strikes what they send each other, too; without it they do not know each other.
        The history goes to a file of its own, which is kept.
        Exit code 0: no violation; 1: violations; 2: wrong arguments; 3: something this machine lacks, or the run broke off.
        """;

    public bool Help { get; private init; }

    /// <summary>How long faults strike; start, rest and checks come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Same seed, same faults at the same moments, and the same draws of each client.</summary>
    public ulong Seed { get; init; } = (ulong)Random.Shared.NextInt64(1_000_000);

    public bool Postgres { get; init; } = true;

    public int Silos { get; init; } = 3;

    public int Clients { get; init; } = 16;

    public int Persons { get; init; } = 120;

    /// <summary>Mean time between the beginnings of two faults.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Whether the ledger gets a disk of its own, to be filled and stalled.</summary>
    public bool Disk { get; init; } = true;

    /// <summary>Whether the silos are one Orleans cluster, where a person lives on one of them; else they share the ledger alone.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether silos send each other anything that faults could strike.</summary>
    public bool SilosTalk => IsCluster && Silos > 1;

    /// <summary>Whether every planned fault is struck, however long that takes; else those are left out that come too late.</summary>
    public bool Whole { get; init; }

    /// <summary>Where the history is written.</summary>
    public string History { get; init; } = "";

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong; the message names it.</exception>
    public static TortureOptions Parse(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h")) return new TortureOptions { Help = true };
        TortureOptions options = new();
        int? silos = null;
        for (int i = 0; i < args.Length; i += 2)
        {
            string name = args[i];
            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{name} needs a value.");
            options = name switch
            {
                "--minutes" => options with { Duration = Minutes(value) },
                "--seed" => options with { Seed = (ulong)Number(name, value, 0, long.MaxValue) },
                "--store" => options with { Postgres = Store(value) == "postgres" },
                "--silos" => options with { Silos = (silos = (int)Number(name, value, 1, 16)).Value },
                "--clients" => options with { Clients = (int)Number(name, value, 1, 256) },
                "--persons" => options with { Persons = (int)Number(name, value, 1, 100_000) },
                "--every" => options with { Every = TimeSpan.FromMilliseconds(Number(name, value, 100, 600_000)) },
                "--disk" => options with { Disk = YesOrNo(name, value) },
                "--membership" => options with { IsCluster = Membership(value) == "adonet" },
                "--history" => options with { History = value },
                _ => throw new ArgumentException($"'{name}' is not an option."),
            };
        }

        if (!options.Postgres && silos > 1) throw new ArgumentException($"--silos is {silos}: an SQLite ledger has one silo.");
        if (!options.Postgres && options.IsCluster) throw new ArgumentException("--membership is 'adonet': an SQLite ledger has one silo.");
        return options with
        {
            Silos = options.Postgres ? options.Silos : 1,
            History = options.History.Length > 0
                ? options.History
                : $"torture-history/{(options.Postgres ? "postgres" : "sqlite")}-{options.Seed}.jsonl",
        };
    }

    /// <summary>The arguments that strike the same faults again.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"--minutes {Duration.TotalMinutes:0.##} --seed {Seed} --store {(Postgres ? "postgres" : "sqlite")} --silos {Silos} --clients {Clients} --persons {Persons} --every {Every.TotalMilliseconds:0} --disk {(Disk ? "yes" : "no")} --membership {(IsCluster ? "adonet" : "localhost")}");

    private static bool YesOrNo(string name, string value) =>
        value is "yes" or "no" ? value == "yes" : throw new ArgumentException($"{name} is '{value}': expected yes or no.");

    private static string Membership(string value) => value is "localhost" or "adonet"
        ? value
        : throw new ArgumentException($"--membership is '{value}': expected localhost or adonet.");

    private static string Store(string value) =>
        value is "sqlite" or "postgres" ? value : throw new ArgumentException($"--store is '{value}': expected sqlite or postgres.");

    private static TimeSpan Minutes(string value) =>
        decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal minutes)
            && minutes is >= 0.05m and <= 10_000m
            ? TimeSpan.FromSeconds((long)(minutes * 60))
            : throw new ArgumentException($"--minutes is '{value}': expected a number from 0.05 to 10000.");

    private static long Number(string name, string value, long least, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number from {least} to {most}.");
}
