using System.Text.RegularExpressions;

namespace Settlement.House.Tests;

/// <summary>Style that a reader relies on.</summary>
public sealed partial class StyleTests
{
    private const int MaxLines = 600;
    private const int MaxColumns = 140;
    private static readonly string[] Code = ["src", "compat", "tests", "load"];

    [Fact]
    public void No_source_file_is_longer_than_six_hundred_lines() =>
        Assert.Empty(Sources().Where(file => File.ReadLines(file).Count() > MaxLines).Select(House.Name));

    [Fact]
    public void No_line_is_longer_than_140_columns_but_for_a_text_in_it() =>
        Assert.Empty(Sources().SelectMany(TooLong));

    [Fact]
    public void Product_code_has_one_path_without_conditional_compilation() =>
        Assert.Empty(House.Files("src", "*.cs").Where(file => Conditional().IsMatch(File.ReadAllText(file))).Select(House.Name));

    [Fact]
    public void Money_is_never_floating_or_decimal() =>
        Assert.Empty(House.Files("src/Policy", "*.cs").Concat(House.Files("src/Grains", "*.cs"))
            .Where(file => Floating().IsMatch(WithoutComments(file)))
            .Select(House.Name));

    [Fact]
    public void The_rules_know_no_clock_and_do_no_io() =>
        Assert.Empty(House.Files("src/Policy", "*.cs")
            .Where(file => ClockOrNetwork().IsMatch(WithoutComments(file)))
            .Select(House.Name));

    [Fact]
    public void No_exception_is_swallowed() =>
        Assert.Empty(Sources().Where(file => EmptyCatch().IsMatch(File.ReadAllText(file))).Select(House.Name));

    [Fact]
    public void Tests_wait_for_events_and_never_sleep() =>
        Assert.Empty(House.Files("tests", "*.cs").Where(file => Sleep().IsMatch(File.ReadAllText(file))).Select(House.Name));

    private static IEnumerable<string> Sources() => Code.SelectMany(folder => House.Files(folder, "*.cs"));

    /// <summary>Lines of code that are too long, a literal counted as empty: a text is not cut in two for the sake of its length.</summary>
    private static IEnumerable<string> TooLong(string file)
    {
        bool inText = false;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            int edges = RawEdge().Count(line);
            if (!inText && edges == 0 && line.Length > MaxColumns && Literal().Replace(line, "\"\"").Length > MaxColumns)
                yield return $"{House.Name(file)}:{number}";
            inText ^= edges % 2 == 1;
        }
    }

    private static string WithoutComments(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\s*#if\s", RegexOptions.Multiline)]
    private static partial Regex Conditional();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawEdge();

    [GeneratedRegex(@"\$?@?""(\\.|[^""\\])*""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b(double|float|decimal)\b")]
    private static partial Regex Floating();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|TimeProvider|HttpClient|System\.Net")]
    private static partial Regex ClockOrNetwork();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\(\d")]
    private static partial Regex Sleep();
}
