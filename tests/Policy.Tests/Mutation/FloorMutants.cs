using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>The floors of the province, each time with one figure, date or row changed.</summary>
internal static partial class FloorMutants
{
    /// <summary>The file as it is.</summary>
    public static ProvincialFloors Read(string text)
    {
        var errors = new PackErrors();
        return new FloorReader("mutant", errors).Read(Encoding.UTF8.GetBytes(text))
            ?? throw new InvalidDataException(string.Join('\n', errors.Sorted()));
    }

    /// <summary>Every changed file, with the line it differs in.</summary>
    public static IEnumerable<(string Name, ProvincialFloors Floors)> Of(string text)
    {
        foreach (Match figure in Figure().Matches(text))
            yield return Mutant(text, figure.Groups["value"], Next(figure.Groups["value"].Value));

        foreach (Match rows in Rows().Matches(text))
            foreach (var member in rows.Groups["value"].Value.Split(", "))
                yield return Mutant(
                    text, rows.Groups["value"], string.Join(", ", rows.Groups["value"].Value.Split(", ").Where(m => m != member)));
    }

    private static (string, ProvincialFloors) Mutant(string text, Capture at, string value)
    {
        var line = text[..at.Index].Count(c => c == '\n') + 1;
        return ($"line {line}: {at.Value} -> {value}", Read($"{text[..at.Index]}{value}{text[(at.Index + at.Length)..]}"));
    }

    private static string Next(string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? $"{day.AddDays(1):yyyy-MM-dd}"
        : $"{long.Parse(value, CultureInfo.InvariantCulture) + 1}";

    [GeneratedRegex(@"\b(floor|times|province|from|conformBy|latest): (?<value>[\d-]+)")]
    private static partial Regex Figure();

    [GeneratedRegex("rows: \"(?<value>[^\"]+)\"")]
    private static partial Regex Rows();
}
