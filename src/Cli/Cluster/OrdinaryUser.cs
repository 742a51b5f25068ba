namespace Settlement.Cli.Cluster;

/// <summary>
/// Who the database and the proxy run as. PostgreSQL refuses to run as root, and a proxy should not: under root both become the system
/// user that Debian's PostgreSQL brings.
/// </summary>
internal static class OrdinaryUser
{
    private const string Name = "postgres";

    /// <summary>The command that runs a program so.</summary>
    public static (string Program, string[] Arguments) Command(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid", Name, "--regid", Name, "--clear-groups", program, .. arguments])
        : (program, arguments);

    /// <summary>Makes a folder which that user owns.</summary>
    public static async Task OwnFolderAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess) await Tool.RunAsync("chown", [Name, folder], cancellation);
    }
}
