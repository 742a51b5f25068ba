namespace Settlement.Cli.Cluster;

/// <summary>Finds PostgreSQL's own programs: Debian keeps them off the PATH, one folder for each version.</summary>
internal static class PostgresPrograms
{
    /// <summary>Environment variable that names another folder.</summary>
    public const string FolderVariable = "SETTLEMENT_POSTGRES_BIN";

    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The folder with initdb and postgres of the newest version installed.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static string Find(CliHost host)
    {
        if (host.Environment(FolderVariable) is { Length: > 0 } named)
        {
            return IsComplete(named)
                ? named
                : throw new CliException(
                    ExitCode.Environment, $"{FolderVariable} is '{named}', but initdb and postgres are not both there");
        }

        IEnumerable<string> versions = Directory.Exists(DebianFolder) ? Directory.EnumerateDirectories(DebianFolder) : [];
        IEnumerable<string> installed = versions
            .OrderByDescending(static folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
            .Select(static folder => Path.Combine(folder, "bin"));
        string[] path = (host.Environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return installed.Concat(path).FirstOrDefault(IsComplete) ?? throw new CliException(
            ExitCode.Environment,
            "no PostgreSQL server is installed: scripts/install-test-tools installs it, or name a running one with --connection");
    }

    private static bool IsComplete(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));
}
