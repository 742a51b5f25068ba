using System.Globalization;

namespace Settlement.Fuzz;

/// <summary>What to try, from the command line.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        Usage: settlement fuzz [--inputs 100000] [--seed S] [--targets grpc,json,frames,packs,files] [--only NUMBER|FIRST-LAST]
        Changes valid requests, frames, packs and files at random and gives them to the product: a server process over its own ports, the readers of
        packs and files in this process. Each input must end in time with an answer or a named refusal; the server must stay alive, answer valid
        requests, log no error, and not grow. The seed is drawn and printed when not given; --only with one target repeats one input of a seed, or a
        range of them.
        Exit code 0: nothing found; 1: something was found, printed with what repeats it; 2: the arguments are wrong.
        """;

    public static readonly string[] AllTargets = ["grpc", "json", "frames", "packs", "files"];

    public bool Help { get; private init; }

    public long Inputs { get; init; } = 100_000;

    public int Seed { get; init; } = Random.Shared.Next(1_000_000);

    public IReadOnlyList<string> Targets { get; init; } = AllTargets;

    /// <summary>The inputs to repeat, or null for all.</summary>
    public (long First, long Last)? Only { get; private init; }

    /// <summary>Parses the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown or wrong; the message names it.</exception>
    public static FuzzOptions Parse(string[] args)
    {
        FuzzOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (name is "--help" or "-h") return options with { Help = true };
            string value = i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{name} needs a value, or is not an option.");
            options = name switch
            {
                "--inputs" => options with { Inputs = Number(name, value) },
                "--seed" => options with { Seed = (int)Math.Min(int.MaxValue, Number(name, value)) },
                "--only" => options with { Only = Range(name, value) },
                "--targets" => options with { Targets = [.. value.Split(',').Select(Target).Distinct()] },
                _ => throw new ArgumentException($"'{name}' is not an option."),
            };
        }

        return options.Only is null || options.Targets.Count == 1 ? options : throw new ArgumentException("--only needs one target.");
    }

    private static string Target(string name) => AllTargets.Contains(name)
        ? name
        : throw new ArgumentException($"--targets does not know '{name}': {string.Join(", ", AllTargets)}.");

    private static (long First, long Last) Range(string name, string value)
    {
        string[] ends = value.Split('-', 2);
        (long first, long last) = (Number(name, ends[0]), Number(name, ends[^1]));
        return first <= last ? (first, last) : throw new ArgumentException($"{name} is '{value}': the first must not be behind the last.");
    }

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new ArgumentException($"{name} is '{value}': expected a whole number.");
}
