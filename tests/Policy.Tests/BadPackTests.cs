namespace Settlement.Policy.Tests;

/// <summary>
/// Packs that must not load. Each folder of bad/ adds its files to the small pack of bad/_base, or replaces them; its expected.txt holds
/// the exact message.
/// </summary>
public class BadPackTests
{
    private static string Bad => Path.Combine(AppContext.BaseDirectory, "bad");

    public static TheoryData<string> Folders() =>
        [.. Directory.GetDirectories(Bad).Select(f => Path.GetFileName(f)!).Where(f => f != "_base").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Stops_with_file_line_and_reason(string folder)
    {
        var directory = Directory.CreateTempSubdirectory("packs");
        try
        {
            var city = directory.CreateSubdirectory("city").FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(Bad, "_base"))
                .Concat(Directory.GetFiles(Path.Combine(Bad, folder), "*.yaml")))
                File.Copy(file, Path.Combine(city, Path.GetFileName(file)), overwrite: true);

            var expected = File.ReadAllText(Path.Combine(Bad, folder, "expected.txt")).TrimEnd();
            var error = Assert.Throws<InvalidPackException>(() => PolicyCatalogue.Load(directory.FullName));
            Assert.Equal(expected, error.Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Two_packs_of_one_region_and_files_that_would_be_overlooked_are_errors()
    {
        var directory = Directory.CreateTempSubdirectory("packs");
        try
        {
            foreach (var name in new[] { "one", "two" })
                File.Copy(Path.Combine(Bad, "_base", "pack.yaml"), Path.Combine(directory.CreateSubdirectory(name).FullName, "pack.yaml"));

            File.WriteAllText(Path.Combine(directory.FullName, "two", "rules.yml"), "");
            Assert.Equal(
                "two/pack.yaml:1: region 990100 is already that of one\ntwo/rules.yml:1: the files of a pack end in .yaml",
                Assert.Throws<InvalidPackException>(() => PolicyCatalogue.Load(directory.FullName)).Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_directory_without_packs_is_an_error()
    {
        var directory = Directory.CreateTempSubdirectory("packs");
        try
        {
            Assert.Contains("holds no pack", Assert.Throws<InvalidPackException>(() => PolicyCatalogue.Load(directory.FullName))
                .Message, StringComparison.Ordinal);
            directory.CreateSubdirectory("city");
            Assert.Equal(
                "city/pack.yaml:1: the folder has no such file; every pack begins with it",
                Assert.Throws<InvalidPackException>(() => PolicyCatalogue.Load(directory.FullName)).Message);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
