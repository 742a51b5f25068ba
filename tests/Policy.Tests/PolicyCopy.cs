namespace Settlement.Policy.Tests;

/// <summary>Some packs of the repository with register and floors, copied to be edited; gone when disposed.</summary>
internal sealed class PolicyCopy : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("policies").FullName;

    public PolicyCopy(params string[] cities)
    {
        foreach (var folder in cities.Append(PolicyRegister.Folder).Append(ProvincialFloors.Folder))
        {
            Directory.CreateDirectory(Path.Combine(root, folder));
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Policies, folder), "*.yaml"))
                File.Copy(file, Path.Combine(root, folder, Path.GetFileName(file)));
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>Replaces a text that must stand in the file once or more.</summary>
    public void Edit(string file, string old, string replacement)
    {
        var path = Path.Combine(root, file);
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    public LintReport Check(DateOnly on) => PolicyLint.Check(root, on);

    /// <summary>All errors, one a line.</summary>
    public string Errors(DateOnly on) => string.Join('\n', Check(on).Findings.Where(f => f.Severity == Severity.Error));
}
