using System.Net;
using Npgsql;
using Settlement.Measurement;
using Settlement.Tests.Support;

namespace Settlement.Bench.Subjects;

/// <summary>
/// The PostgreSQL server that everything shares, and its meters. Every subject has a database of its own, empty at the begin.
/// </summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    // A quarter or less of an ordinary server's memory, and no checkpoint within a run; commits wait for the disk as ever.
    private static readonly string[] Settings =
        ["shared_buffers=1GB", "max_wal_size=20GB", "checkpoint_timeout=30min", "synchronous_commit=on", "max_connections=400"];

    private const int LogFileMiB = 16;

    private readonly PostgresServer? own;
    private readonly string administration;
    private readonly List<string> databases = [];
    private readonly NpgsqlConnection meter;
    private int? postmaster;
    private long logBegin;
    private long logMade;

    private BenchDatabase(PostgresServer? own, string administration)
    {
        this.own = own;
        this.administration = administration;
        meter = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(administration) { Pooling = false }.ToString());
    }

    /// <summary>Version, fsync and synchronous commit, as the server tells them.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Starts a throw-away server, or uses the one given.</summary>
    /// <param name="connection">The one given.</param>
    /// <param name="logFiles">How many files of its log a throw-away server has to start with.</param>
    /// <exception cref="InvalidOperationException">The server may lose commits: figures beside it would mean nothing.</exception>
    public static async Task<BenchDatabase> StartAsync(string? connection, int logFiles)
    {
        PostgresServer? own = connection is null
            ? await PostgresServer.StartAsync([.. Settings, $"min_wal_size={logFiles * LogFileMiB}MB"])
            : null;
        BenchDatabase database = new(own, connection ?? own!.ConnectionString("postgres"));
        try
        {
            await database.OpenAsync();
            if (own is not null) await database.MakeLogFilesAsync(logFiles);
            database.logBegin = await database.WalBytesAsync();
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates an empty database, dropped at the end, and returns its connection string.</summary>
    public async Task<string> CreateAsync(string name)
    {
        string database = $"settlement_bench_{name.Replace('-', '_')}_{Environment.ProcessId}";
        await ExecuteAsync($"CREATE DATABASE {database}");
        databases.Add(database);
        return new NpgsqlConnectionStringBuilder(administration) { Database = database, ApplicationName = name }.ToString();
    }

    /// <summary>Processor time of all the server's processes so far, in microseconds; null when the server is on another machine.</summary>
    public long? ProcessorMicroseconds() => postmaster is { } root ? ProcessorTime.OfTree(root) : null;

    /// <summary>Bytes of write-ahead log so far.</summary>
    public async Task<long> WalBytesAsync() => (long)(decimal)(await ScalarAsync("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))!;

    /// <summary>What the run wrote into the log, beside what a throw-away server had files for.</summary>
    public async Task<string> LogUseAsync()
    {
        long written = await WalBytesAsync() - logBegin;
        string use = $"{written >> 20:N0} MiB of log";
        if (own is null) return use;
        use += $", files for {logMade >> 20:N0} MiB were made before";
        return written > logMade ? $"{use}: commits waited while more were made, and the last scenarios were slower for it" : use;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (own is null && meter.State == System.Data.ConnectionState.Open)
        {
            foreach (string database in databases) await ExecuteAsync($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        }

        await meter.DisposeAsync();
        if (own is not null) await own.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        await meter.OpenAsync();
        string fsync = (string)(await ScalarAsync("SELECT current_setting('fsync')"))!;
        string commit = (string)(await ScalarAsync("SELECT current_setting('synchronous_commit')"))!;
        if (fsync != "on" || commit == "off")
            throw new InvalidOperationException($"The server runs with fsync={fsync}, synchronous_commit={commit}: a commit may be lost.");
        Description =
            $"PostgreSQL {(await ScalarAsync("SELECT current_setting('server_version')"))!}, fsync={fsync}, synchronous_commit={commit}, "
            + $"shared_buffers={await ScalarAsync("SELECT current_setting('shared_buffers')")}";
        bool local = IPAddress.TryParse(meter.Host, out IPAddress? address)
            ? IPAddress.IsLoopback(address)
            : meter.Host is "localhost" || meter.Host!.StartsWith('/');
        if (local) postmaster = ProcessorTime.ParentOf((int)(await ScalarAsync("SELECT pg_backend_pid()"))!);
    }

    /// <summary>
    /// A server that has run for a while writes its log into files of before. A new one must make each file, and commits wait for that: up
    /// to 0.1 s for every 16 MiB. So they are made here, and the checkpoint hands them out again.
    /// </summary>
    private async Task MakeLogFilesAsync(int count)
    {
        for (int file = 0; file < count; file++)
            await ExecuteAsync("SELECT pg_logical_emit_message(false, 'bench', ''); SELECT pg_switch_wal()");
        await ExecuteAsync("CHECKPOINT");
        logMade = (long)count * LogFileMiB << 20;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = new(sql, meter) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = new(sql, meter);
        return await command.ExecuteScalarAsync();
    }
}
