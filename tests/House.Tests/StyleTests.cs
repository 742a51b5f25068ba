using System.Text.RegularExpressions;

namespace Settlement.House.Tests;

/// <summary>Style that a reader relies on.</summary>
public sealed partial class StyleTests
{
    private const int MaxLines = 600;
    private static readonly string[] Code = ["src", "compat", "tests", "load"];

    [Fact]
    public void No_source_file_is_longer_than_six_hundred_lines() =>
        Assert.Empty(Sources().Where(file => File.ReadLines(file).Count() > MaxLines).Select(House.Name));

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

    private static string WithoutComments(string file) =>
        string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\s*#if\s", RegexOptions.Multiline)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\b(double|float|decimal)\b")]
    private static partial Regex Floating();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|TimeProvider|HttpClient|System\.Net")]
    private static partial Regex ClockOrNetwork();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"Thread\.Sleep\(|Task\.Delay\(\d")]
    private static partial Regex Sleep();
}
