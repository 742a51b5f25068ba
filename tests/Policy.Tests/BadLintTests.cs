namespace Settlement.Policy.Tests;

/// <summary>
/// Policy directories that must fail the lint of 2026-06-01. Each folder of bad-lint/ replaces files of the small directory bad-lint/_base,
/// which passes; its expected.txt holds every error, exactly.
/// </summary>
public class BadLintTests
{
    private static readonly DateOnly Day = new(2026, 6, 1);

    private static string Bad => Path.Combine(AppContext.BaseDirectory, "bad-lint");

    public static TheoryData<string> Folders() =>
        [.. Directory.GetDirectories(Bad).Select(f => Path.GetFileName(f)!).Where(f => f != "_base").Order(StringComparer.Ordinal)];

    [Fact]
    public void The_directory_they_are_made_from_passes() => Assert.Empty(PolicyLint.Check(Path.Combine(Bad, "_base"), Day).Findings);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Fails_with_place_and_reason(string folder)
    {
        var directory = Directory.CreateTempSubdirectory("lint");
        try
        {
            foreach (var source in new[] { "_base", folder })
                foreach (var file in Directory.GetFiles(Path.Combine(Bad, source), "*.yaml", SearchOption.AllDirectories))
                {
                    var target = Path.Combine(directory.FullName, Path.GetRelativePath(Path.Combine(Bad, source), file));
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(file, target, overwrite: true);
                }

            var report = PolicyLint.Check(directory.FullName, Day);

            Assert.True(report.Failed);
            Assert.Equal(File.ReadAllText(Path.Combine(Bad, folder, "expected.txt"))
                .TrimEnd(), string.Join('\n', report.Findings.Where(f => f.Severity == Severity.Error)));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
