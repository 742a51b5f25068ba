using System.Collections.Frozen;
using System.Globalization;

namespace Settlement.Simulate;

/// <summary>What to simulate, from the command line.</summary>
internal sealed record SimulateOptions
{
    public const string Usage = """
        Usage: settlement simulate [--seed S] [--settlements N] [--threads T]
               settlement simulate --episode S [--operations N] [--persons N] [--clients N] [--silos N]
                                   [--faults Kind,Kind|None] [--spare Kind:number,...] [--journal]
        The first form runs episodes until N settlements are committed (1,000,000 when not given). When an invariant breaks, it shrinks
        the episode and prints the second form, which runs it again, event for event; --journal tells what happens in it.
        Exit code 0: every invariant held; 1: one broke; 2: the arguments are wrong.
        """;

    public bool Help { get; private init; }

    /// <summary>Seed of the campaign; drawn and printed when not given.</summary>
    public ulong? Seed { get; private init; }

    public long Settlements { get; private init; } = 1_000_000;

    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>The one episode to run, or null for a campaign.</summary>
    public EpisodePlan? Episode { get; private init; }

    public bool Journal { get; private init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong; the message names it.</exception>
    public static SimulateOptions Parse(string[] args)
    {
        SimulateOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name is "--help" or "-h") return new SimulateOptions { Help = true };
            if (name == "--journal")
            {
                options = options with { Journal = true };
                continue;
            }

            string value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value.");
            options = name switch
            {
                "--seed" => options with { Seed = Seeded(name, value) },
                "--settlements" => options with { Settlements = Number(name, value, long.MaxValue) },
                "--threads" => options with { Threads = (int)Number(name, value, 1_024) },
                "--episode" => options with { Episode = EpisodePlan.Drawn(Seeded(name, value)) },
                _ => options with { Episode = Sized(options.Episode
                    ?? throw new ArgumentException($"{name} needs --episode before it."), name, value) },
            };
        }

        return options;
    }

    private static EpisodePlan Sized(EpisodePlan plan, string name, string value) => name switch
    {
        "--operations" => plan with { Operations = (int)Number(name, value, 1_000_000) },
        "--persons" => plan with { Persons = (int)Number(name, value, 10_000) },
        "--clients" => plan with { Clients = (int)Number(name, value, 10_000) },
        "--silos" => plan with { Silos = (int)Number(name, value, 100) },
        "--faults" => plan with
        {
            Faults = Enum.TryParse(value, ignoreCase: true, out FaultKind kinds) && (kinds & ~FaultKind.All) == 0
                ? kinds
                : throw new ArgumentException(
                    $"--faults is '{value}': expected names out of {string.Join(", ", Enum.GetNames<FaultKind>())}."),
        },
        "--spare" => plan with { Spared = value.Split(',').Select(Spared).ToFrozenSet() },
        _ => throw new ArgumentException($"'{name}' is not an option."),
    };

    private static Strike Spared(string text)
    {
        string[] parts = text.Split(':');
        return parts.Length == 2 && Enum.TryParse(parts[0], ignoreCase: true, out FaultKind kind) && Enum.IsDefined(kind)
            ? new Strike(kind, (int)Number("--spare", parts[1], int.MaxValue))
            : throw new ArgumentException($"--spare holds '{text}': expected a kind of fault and its number, as in Crash:2.");
    }

    private static ulong Seeded(string name, string value) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new ArgumentException($"{name} is '{value}': expected a whole number.");

    private static long Number(string name, string value, long most) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= 1 && number <= most
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number from 1 to {most}.");
}
