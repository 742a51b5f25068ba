using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Settlement.Tests.Support;

/// <summary>How a server is made to stop.</summary>
public enum PostgresStop
{
    /// <summary>Running statements are ended, everything is written out.</summary>
    Fast,

    /// <summary>Like a crash of the server: nothing is written out, recovery runs at the next start.</summary>
    Immediate,
}

/// <summary>
/// A real PostgreSQL server for tests: a fresh data folder, a free port on loopback, fsync on. It is thrown away with its folder, and it
/// ends by itself when the test process does, however that ends. PostgreSQL refuses to run as root; under root it runs as the system
/// user "postgres".
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "settlement";
    private const string SystemUser = "postgres";

    // $1 is the folder. The shell ends the server and removes the folder when its own input ends, which the test process alone holds.
    private const string WatchedServer = """
        exec 3<&0 </dev/null
        folder=$1; shift
        "$@" >>"$folder/server.log" 2>&1 &
        server=$!
        (read _ <&3; trap '' TERM; kill -QUIT $server; while kill -0 $server; do sleep 0.05; done; rm -rf "$folder") 2>/dev/null &
        watch=$!
        wait $server
        kill $watch
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(static () => StartAsync());

    private readonly string binaries = PostgresBinaries.Find();
    private readonly string folder;
    private readonly string[] settings;
    private Process? process;
    private int databases;

    private PostgresServer(string folder, string[] settings)
    {
        this.folder = folder;
        this.settings = settings;
    }

    /// <summary>The port on 127.0.0.1; the same for the server's whole life, restarts included.</summary>
    public int Port { get; private set; }

    /// <summary>Whether the server was started and has neither ended nor been stopped.</summary>
    public bool IsRunning => process is { HasExited: false };

    private string DataFolder => Path.Combine(folder, "data");

    private string LogFile => Path.Combine(folder, "server.log");

    /// <summary>The one server that all tests of an assembly share; each takes a database of its own.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>Starts a server of its own, for tests that stop it.</summary>
    /// <param name="settings">Further settings as <c>name=value</c>.</param>
    public static Task<PostgresServer> StartAsync(params string[] settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("settlement-pg-").FullName, settings);

    /// <summary>Starts a server of its own in a folder that is there, and that is removed with it.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="settings">Further settings as <c>name=value</c>.</param>
    public static async Task<PostgresServer> StartInAsync(string folder, params string[] settings)
    {
        PostgresServer server = new(folder, settings);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", [SystemUser, folder]).ConfigureAwait(false);
        (string initdb, string[] arguments) = AsOrdinaryUser(
            Path.Combine(server.binaries, "initdb"),
            "--pgdata", server.DataFolder, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync");
        await RunAsync(initdb, arguments).ConfigureAwait(false);
        server.Port = FreePort();
        await server.StartAgainAsync().ConfigureAwait(false);
        return server;
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        string name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}").ConfigureAwait(false);
        return ConnectionString(name);
    }

    /// <summary>The connection string of one of the server's databases.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = User,
        Database = database,
        IncludeErrorDetail = true,
        Timeout = 10,
    }.ToString();

    /// <summary>Path of a program that comes with the server, such as <c>pgbench</c>.</summary>
    /// <exception cref="InvalidOperationException">It is not installed beside the server.</exception>
    public static string ProgramPath(string name)
    {
        string path = Path.Combine(PostgresBinaries.Find(), name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"'{path}' is missing: install PostgreSQL's {name}.");
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    public static async Task<int> ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(connectionString).ConfigureAwait(false);
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a query on a connection of its own and returns its first value.</summary>
    public static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync(connectionString).ConfigureAwait(false);
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync().ConfigureAwait(false);
    }

    /// <summary>Ends every other connection to the database from the server's side.</summary>
    public static Task TerminateConnectionsAsync(string connectionString) => ExecuteAsync(
        connectionString,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    /// <summary>Stops the server and waits until it is gone.</summary>
    public async Task StopAsync(PostgresStop how)
    {
        if (process is null) return;
        if (!process.HasExited)
            await RunAsync("kill", [how == PostgresStop.Fast ? "-INT" : "-QUIT", await PostmasterAsync().ConfigureAwait(false)])
            .ConfigureAwait(false);
        await process.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
        process.Dispose();
        process = null;
    }

    /// <summary>Stops every thread of every process of the server (SIGSTOP), until <see cref="ResumeAsync"/>.</summary>
    public async Task PauseAsync() => await SignalAsync("-STOP", await ProcessesAsync().ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Lets the paused server go on (SIGCONT), as if nothing had happened.</summary>
    public async Task ResumeAsync() => await SignalAsync("-CONT", await ProcessesAsync().ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Kills one process of the server that is not its first (SIGKILL): the server ends all sessions and recovers.</summary>
    /// <param name="number">Picks one, whatever number it is.</param>
    public async Task KillOneAsync(int number)
    {
        string[] children = [.. (await ProcessesAsync().ConfigureAwait(false)).Skip(1)];
        if (children.Length > 0) await SignalAsync("-KILL", [children[number % children.Length]]).ConfigureAwait(false);
    }

    /// <summary>Starts the stopped server and waits until it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        List<string> arguments =
        [
            "sh", "-c", WatchedServer, "sh", folder,
            Path.Combine(binaries, "postgres"), "-D", DataFolder, "-p", $"{Port}", "-k", folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "max_connections=200",
        ];
        foreach (string setting in settings) arguments.AddRange(["-c", setting]);
        (string program, string[] rest) = AsOrdinaryUser(arguments[0], [.. arguments.Skip(1)]);
        process = Process.Start(new ProcessStartInfo(program, rest) { RedirectStandardInput = true, WorkingDirectory = "/" })!;
        await WaitUntilReadyAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(PostgresStop.Immediate).ConfigureAwait(false);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<string> PostmasterAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(DataFolder, "postmaster.pid")).ConfigureAwait(false))[0];

    /// <summary>The server's processes, its first one first.</summary>
    private async Task<string[]> ProcessesAsync()
    {
        string postmaster = await PostmasterAsync().ConfigureAwait(false);
        string children = await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children").ConfigureAwait(false);
        return [postmaster, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    /// <summary>Sends a signal. A process may have ended meanwhile, which the shell's own kill then says on its error output.</summary>
    private static async Task SignalAsync(string signal, string[] processes)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", [signal, .. processes]) { RedirectStandardError = true })!;
        await kill.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await kill.WaitForExitAsync().ConfigureAwait(false);
    }

    private async Task WaitUntilReadyAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (process!.HasExited)
                throw new InvalidOperationException(
                    $"PostgreSQL did not start:\n{(File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile).ConfigureAwait(false) : "")}");
            try
            {
                await using NpgsqlConnection connection = await OpenAsync(ConnectionString("postgres")).ConfigureAwait(false);
                return;
            }
            catch (NpgsqlException)
            {
                await pause.WaitForNextTickAsync(patience.Token).ConfigureAwait(false);
            }
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync().ConfigureAwait(false);
        return connection;
    }

    /// <summary>The command line with which a program runs as the user the server runs as.</summary>
    public static (string Program, string[] Arguments) AsOrdinaryUser(string program, params string[] arguments) =>
        Environment.IsPrivilegedProcess
        ? ("setpriv", ["--reuid", SystemUser, "--regid", SystemUser, "--clear-groups", program, .. arguments])
        : (program, arguments);

    private static async Task RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(
            program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using Process run = Process.Start(start)!;
        Task<string> output = run.StandardOutput.ReadToEndAsync();
        string errors = await run.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await run.WaitForExitAsync().WaitAsync(Patience).ConfigureAwait(false);
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {run.ExitCode}:\n{await output.ConfigureAwait(false)}{errors}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
