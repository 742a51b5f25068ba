using Settlement.Cli.Serving;

namespace Settlement.Cli.Cluster;

/// <summary>nginx in front of the silos.</summary>
internal sealed class OwnProxy : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private OwnProxy(ChildProcess process) => Process = process;

    /// <summary>nginx' master process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Writes the configuration, has nginx check it, and starts nginx.</summary>
    /// <exception cref="CliException">nginx is not installed, or refuses the configuration.</exception>
    public static async Task<OwnProxy> StartAsync(
        string folder, string configuration, CliHost host, Action<string> line, CancellationToken cancellation)
    {
        string nginx = Find(host);
        await OrdinaryUser.OwnFolderAsync(folder, cancellation);
        string file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, configuration, cancellation);
        (string program, string[] arguments) = OrdinaryUser.Command(nginx, "-p", folder, "-c", file, "-e", "stderr", "-g", "daemon off;");
        await Tool.RunAsync(program, [.. arguments, "-t"], cancellation);
        return new OwnProxy(ChildProcess.Start(program, arguments, new Dictionary<string, string>(), line, ownSession: true));
    }

    /// <summary>Ends it: first what is under way is answered, for a while.</summary>
    public async Task StopAsync()
    {
        Process.Signal(ChildProcess.Quit);
        try
        {
            await Process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        catch (TimeoutException)
        {
            await Process.StopAsync(ChildProcess.Terminate, StopLimit); // open streams are cut
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited) await StopAsync();
        await Process.DisposeAsync();
    }

    private static string Find(CliHost host)
    {
        string[] folders = [.. (host.Environment("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), "/usr/sbin"];
        return folders.Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists)
            ?? throw new CliException(ExitCode.Environment, "nginx is not installed: scripts/install-test-tools installs it");
    }
}
