using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using Settlement.Ledger;

namespace Settlement.Fill.Running;

/// <summary>What a ledger takes on disk, in bytes.</summary>
/// <param name="Total">Rows and indexes.</param>
/// <param name="Indexes">The indexes of it; null on SQLite, whose library here cannot tell them from the rows.</param>
/// <param name="Log">Bytes ever written to the write-ahead log; null on SQLite, which keeps no count.</param>
internal sealed record LedgerSize(long Total, long? Indexes, long? Log)
{
    private const string PostgresSql = """
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint, coalesce(sum(pg_indexes_size(c.oid)), 0)::bigint,
            pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'ledger' AND c.relkind = 'r'
        """;

    private const string SqliteSql =
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

    /// <summary>Reads the sizes of now.</summary>
    public static async Task<LedgerSize> ReadAsync(LedgerOptions ledger)
    {
        if (ledger.Provider == LedgerProvider.Postgres)
        {
            await using NpgsqlConnection connection = new(ledger.ConnectionString);
            await connection.OpenAsync();
            await using NpgsqlCommand command = new(PostgresSql, connection);
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            return new LedgerSize(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        }

        SqliteConnectionStringBuilder place = new() { DataSource = ledger.Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        await using SqliteConnection file = new(place.ToString());
        await file.OpenAsync();
        await using SqliteCommand sizes = file.CreateCommand();
        sizes.CommandText = SqliteSql;
        return new LedgerSize((long)(await sizes.ExecuteScalarAsync())!, null, null);
    }

    /// <summary>Bytes an entry, as a line of a report.</summary>
    /// <param name="entries">Entries in the ledger.</param>
    /// <param name="before">The sizes before entries were written.</param>
    /// <param name="written">How many were.</param>
    public string Report(long entries, LedgerSize before, long written)
    {
        string parts = Indexes is { } indexes
            ? string.Create(CultureInfo.InvariantCulture, $"{(Total - indexes) / entries:N0} in tables, {indexes / entries:N0} in indexes")
            : "tables and indexes together";
        string log = (Log - before.Log, written) is ({ } bytes, > 0)
            ? string.Create(CultureInfo.InvariantCulture, $"write-ahead log {bytes:N0} bytes, {bytes / written:N0} an entry written")
            : "write-ahead log not counted";
        return string.Create(CultureInfo.InvariantCulture, $"ledger {Total:N0} bytes, {Total / entries:N0} an entry: {parts}; {log}");
    }
}
