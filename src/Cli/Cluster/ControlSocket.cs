using System.Net.Sockets;

namespace Settlement.Cli.Cluster;

/// <summary>
/// How <c>cluster restart</c> reaches a running cluster: a socket in its folder, which the folder's owner alone may open. Each connection
/// is one restart; what happens comes back line by line, and the last line is <c>done</c> or <c>failed: REASON</c>.
/// </summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private const string Done = "done";
    private const string Failed = "failed: ";

    private readonly string path;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    /// <summary>Listens.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="restart">Restarts, and says what happens.</param>
    /// <exception cref="CliException">The path does not do.</exception>
    public ControlSocket(string path, Func<Action<string>, CancellationToken, Task> restart)
    {
        this.path = path;
        try
        {
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen();
        }
        catch (Exception error) when (error is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Environment, $"the control socket {path} cannot be made: {error.Message}", error);
        }

        serving = ServeAsync(restart);
    }

    /// <summary>Asks a running cluster to restart its silos, and passes on what it says.</summary>
    /// <exception cref="CliException">No cluster listens, or the restart failed.</exception>
    public static async Task AskAsync(string path, Action<string> say, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            using StreamReader answers = new(new NetworkStream(socket));
            while (await answers.ReadLineAsync(cancellation) is { } line)
            {
                if (line == Done) return;
                if (line.StartsWith(Failed, StringComparison.Ordinal)) throw new CliException(ExitCode.Environment, line[Failed.Length..]);
                say(line);
            }

            throw new CliException(ExitCode.Environment, "the cluster ended during the restart: its own terminal says why");
        }
        catch (Exception error) when (error is SocketException or ArgumentException or IOException)
        {
            throw new CliException(
                ExitCode.Environment, $"no cluster listens at {path}: name the folder of a running one with --data", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await serving;
        File.Delete(path);
        stopping.Dispose();
    }

    private async Task ServeAsync(Func<Action<string>, CancellationToken, Task> restart)
    {
        try
        {
            while (true)
            {
                using Socket caller = await listener.AcceptAsync(stopping.Token);
                await AnswerAsync(caller, restart);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopping.
        }
    }

    private async Task AnswerAsync(Socket caller, Func<Action<string>, CancellationToken, Task> restart)
    {
        await using StreamWriter answers = new(new NetworkStream(caller)) { AutoFlush = true };
        try
        {
            await restart(Say, stopping.Token);
            Say(Done);
        }
        catch (CliException error)
        {
            Say(Failed + error.Message);
        }

        void Say(string line)
        {
            try
            {
                answers.WriteLine(line);
            }
            catch (IOException)
            {
                // Whoever asked has gone; the restart goes on.
            }
        }
    }
}
