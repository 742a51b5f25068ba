using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>
/// An empty place for a ledger, and the ways around the product that tests need: raw SQL as another program would send it.
/// </summary>
public abstract class LedgerPlace : IAsyncDisposable
{
    public abstract LedgerOptions Options { get; }

    /// <summary>Name of the table of entries in raw SQL.</summary>
    public abstract string EntryTable { get; }

    /// <summary>Statement that makes the schema one version newer than the program.</summary>
    public abstract string RaiseVersionSql { get; }

    /// <summary>A store of the product on this place.</summary>
    public virtual ILedgerStore OpenStore(ILoggerFactory log) => LedgerStore.Create(Options, log);

    public abstract Task<int> ExecuteAsync(string sql);

    public abstract Task<object?> ScalarAsync(string sql);

    public abstract ValueTask DisposeAsync();
}

internal sealed class SqlitePlace : LedgerPlace
{
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-ledger-").FullName;

    public SqlitePlace() =>
        Options = new LedgerOptions { Provider = LedgerProvider.Sqlite, Path = Path.Combine(folder, "not there yet", "ledger.db") };

    public override LedgerOptions Options { get; }

    public override string EntryTable => "entry";

    public override string RaiseVersionSql => "PRAGMA user_version = 1000";

    public override async Task<int> ExecuteAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Options.Path};Pooling=false");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    public override async Task<object?> ScalarAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Options.Path};Pooling=false");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

internal sealed class PostgresPlace(string connectionString, bool copyAlways = false) : LedgerPlace
{
    public override LedgerOptions Options { get; } = new()
    {
        Provider = LedgerProvider.Postgres,
        ConnectionString = connectionString,
        CopyAlways = copyAlways,
    };

    public override string EntryTable => "ledger.entry";

    public override string RaiseVersionSql => "UPDATE ledger.meta SET version = 1000";

    public static async Task<PostgresPlace> CreateAsync(bool copyAlways = false) =>
        new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), copyAlways);

    public override Task<int> ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(Options.ConnectionString, sql);

    public override Task<object?> ScalarAsync(string sql) => PostgresServer.ScalarAsync(Options.ConnectionString, sql);

    public override ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }
}
