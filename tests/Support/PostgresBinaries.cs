namespace Settlement.Tests.Support;

/// <summary>Finds the PostgreSQL server programs: Debian keeps them off the PATH, one folder for each version.</summary>
internal static class PostgresBinaries
{
    private const string OverrideVariable = "SETTLEMENT_POSTGRES_BIN";

    /// <summary>The folder with initdb and postgres of the newest version installed.</summary>
    public static string Find()
    {
        string? named = Environment.GetEnvironmentVariable(OverrideVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return IsComplete(named)
                ? named
                : throw new InvalidOperationException($"{OverrideVariable} is '{named}', but initdb and postgres are not both there.");
        }
        return Candidates().FirstOrDefault(IsComplete) ?? throw new InvalidOperationException(
            "These tests need a real PostgreSQL server and none is installed. Install it with\n"
            + "    apt-get install -y postgresql\n"
            + "or run ./settlement test, which does so. "
            + $"If it is installed in an unusual place, name the folder of initdb in {OverrideVariable}.");
    }

    private static IEnumerable<string> Candidates()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(debian) ? Directory.EnumerateDirectories(debian) : [];
        IEnumerable<string> installed = versions
            .OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
            .Select(static folder => Path.Combine(folder, "bin"));
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return installed.Concat(path);
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));
}
