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

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "cases");

    private static string[] Files() => [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)];
}
