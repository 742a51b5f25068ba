using Settlement.Cli.Serving;

namespace Settlement.Cli.Cluster;

/// <summary>A PostgreSQL server of the cluster's own, on loopback, its data in a folder that is made when it is not there.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const string User = "settlement";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);

    private OwnPostgres(ChildProcess process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    /// <summary>The server process.</summary>
    public ChildProcess Process { get; }

    /// <summary>How a silo reaches it.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <exception cref="CliException">PostgreSQL is not installed, or did not start.</exception>
    public static async Task<OwnPostgres> StartAsync(
        string folder, int port, CliHost host, Action<string> line, CancellationToken cancellation)
    {
        string programs = PostgresPrograms.Find(host);
        await OrdinaryUser.OwnFolderAsync(folder, cancellation);
        string data = Path.Combine(folder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            (string initdb, string[] settings) = OrdinaryUser.Command(
                Path.Combine(programs, "initdb"),
                "--pgdata", data, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C");
            await Tool.RunAsync(initdb, settings, cancellation);
        }

        (string program, string[] arguments) = OrdinaryUser.Command(
            Path.Combine(programs, "postgres"), "-D", data, "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200");
        OwnPostgres server = new(
            ChildProcess.Start(program, arguments, new Dictionary<string, string>(), line, ownSession: true),
            $"Host=127.0.0.1;Port={port};Username={User};Database=postgres");
        try
        {
            await server.WaitUntilReadyAsync(Path.Combine(programs, "pg_isready"), port, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it: what runs is broken off, everything is written out.</summary>
    public Task StopAsync() => Process.StopAsync(ChildProcess.Interrupt, StopLimit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited) await StopAsync();
        await Process.DisposeAsync();
    }

    private async Task WaitUntilReadyAsync(string isReady, int port, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        try
        {
            while (await Tool.TryAsync(isReady, ["-q", "-h", "127.0.0.1", "-p", $"{port}"], limit.Token) is not { Code: 0 })
            {
                if (Process.HasExited)
                    throw new CliException(ExitCode.Environment, "PostgreSQL ended before it was ready: its own words are above");
                await Task.Delay(BetweenProbes, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Environment, $"PostgreSQL was not ready after {StartLimit.TotalSeconds} seconds");
        }
    }
}
