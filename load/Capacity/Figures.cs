using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Settlement.Capacity;

/// <summary>One figure of the model: a whole number with its unit, meaning and where it comes from.</summary>
/// <param name="Name">Name by which the model and <c>--assume</c> know it.</param>
/// <param name="Value">Value, 0 or more.</param>
/// <param name="Unit">Unit.</param>
/// <param name="Means">What it is.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record Figure(string Name, long Value, string Unit, string Means, string Source);

/// <summary>The figures of the model: assumptions and measured costs, each from a file of its own.</summary>
internal sealed class Figures
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
    private readonly Dictionary<string, Figure> all;

    private Figures(IReadOnlyList<Figure> assumed, IReadOnlyList<Figure> measured)
    {
        Assumed = assumed;
        Measured = measured;
        all = assumed.Concat(measured).ToDictionary(figure => figure.Name, StringComparer.Ordinal);
    }

    /// <summary>What is assumed or chosen.</summary>
    public IReadOnlyList<Figure> Assumed { get; }

    /// <summary>What was measured.</summary>
    public IReadOnlyList<Figure> Measured { get; }

    /// <summary>The value of a figure.</summary>
    public long this[string name] =>
        all.TryGetValue(name, out Figure? figure) ? figure.Value : throw new InvalidDataException($"There is no figure '{name}'.");

    /// <summary>Reads <c>assumptions.json</c> and <c>measured.json</c>.</summary>
    /// <exception cref="InvalidDataException">A file is not a list of figures, or a figure is negative.</exception>
    public static Figures Load(string folder) =>
        new(Read(Path.Combine(folder, "assumptions.json")), Read(Path.Combine(folder, "measured.json")));

    /// <summary>The same figures with one changed.</summary>
    /// <param name="change">As <c>name=value</c>.</param>
    /// <exception cref="ArgumentException">There is no such figure, or the value is no whole number.</exception>
    public Figures With(string change)
    {
        string[] parts = change.Split('=', 2);
        if (!all.ContainsKey(parts[0]))
            throw new ArgumentException($"--assume names '{parts[0]}': expected one of {string.Join(", ", all.Keys)}.");
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            throw new ArgumentException($"--assume is '{change}': expected {parts[0]}= and a whole number.");
        return new Figures([.. Assumed.Select(Changed)], [.. Measured.Select(Changed)]);

        Figure Changed(Figure figure) =>
            figure.Name == parts[0] ? figure with { Value = value, Source = "given on the command line" } : figure;
    }

    private static List<Figure> Read(string file)
    {
        try
        {
            List<Figure> figures = JsonSerializer.Deserialize<List<Figure>>(File.ReadAllText(file), Json) ?? [];
            return figures.Find(figure => figure.Value < 0) is { } negative
                ? throw new InvalidDataException($"{file}: {negative.Name} is {negative.Value}: expected 0 or more.")
                : figures;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no list of figures: {error.Message}", error);
        }
    }
}
