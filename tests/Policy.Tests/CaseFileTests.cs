using Settlement.Policy.Cases;

namespace Settlement.Policy.Tests;

/// <summary>The worked cases, one file a section of the rule text. They are examples computed by an independent implementation.</summary>
public class CaseFileTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in Files())
            foreach (var current in CaseReader.Read(File.ReadAllText(file)))
                data.Add(Path.GetFileName(file), current.Id);

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_answer_and_counter_is_as_expected(string file, string id)
    {
        var cases = CaseReader.Read(File.ReadAllText(Path.Combine(Folder, file)));
        var report = await CaseRunner.RunAsync(cases.Where(c => c.Id == id), new InProcessTarget(Repository.Adjudicator));

        Assert.Equal("", string.Join('\n', report.Mismatches));
        Assert.Equal(1, report.Passed);
    }

    /// <summary>contents.txt names all cases of the format's collection: each stands in its file or is named as not settled yet.</summary>
    [Fact]
    public void No_case_is_left_out()
    {
        var listed = File.ReadAllLines(Path.Combine(Folder, "contents.txt"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Split(' '));
        var ids = listed.Values.SelectMany(i => i).Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(Enumerable.Range(1, 119).Select(n => $"P{n:000}"), ids);
        foreach (var file in Files())
            Assert.Equal(listed[Path.GetFileName(file)], CaseReader.Read(File.ReadAllText(file)).Select(c => c.Id));

        Assert.Equal(listed.Keys.Where(k => k.EndsWith(".json", StringComparison.Ordinal)), Files().Select(f => Path.GetFileName(f)!));
    }

    [Theory]
    [InlineData("""[{"id": "\ud800"}]""")]
    [InlineData("""[{"\udc00": 1}]""")]
    public void Half_a_surrogate_pair_is_no_valid_json(string text) =>
        Assert.Contains("no valid JSON", Assert.Throws<CaseFormatException>(() => CaseReader.Read(text)).Message);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "cases");

    private static string[] Files() => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)];
}
