using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Settlement.Ledger.Sqlite;

/// <summary>
/// A prepared statement of the writing connection on SQLite's own interface. The ADO.NET layer above it boxes every value and builds
/// objects for every execution, which is most of what an append would cost. Used by one thread.
/// </summary>
/// <exception cref="SqliteException">SQLite refuses the statement or its execution; the statement is ready for the next use.</exception>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    // Parameters count from 1.
    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(statement, parameter, value));

    public void Bind(int parameter, ReadOnlySpan<byte> value) =>
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, parameter, 0) : raw.sqlite3_bind_blob(statement, parameter, value));

    public void Bind(int parameter, LedgerKey key)
    {
        Span<byte> bytes = stackalloc byte[LedgerKey.ByteLength];
        key.CopyTo(bytes);
        Bind(parameter, bytes);
    }

    public void Bind(int parameter, LedgerHash hash)
    {
        Span<byte> bytes = stackalloc byte[LedgerHash.ByteLength];
        hash.CopyTo(bytes);
        Bind(parameter, bytes);
    }

    public void Bind(int parameter, string value)
    {
        Span<byte> bytes = stackalloc byte[256];
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most > bytes.Length) bytes = new byte[most];
        Check(raw.sqlite3_bind_text(statement, parameter, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(statement, parameter));

    /// <summary>Executes it to its first row, or to its end.</summary>
    public void Execute() => ExistsRow();

    /// <summary>Executes it; true when there is a row.</summary>
    public bool ExistsRow()
    {
        int result = raw.sqlite3_step(statement);
        // Resetting gives the same code as the failed step.
        raw.sqlite3_reset(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Executes it and reads the number in the first column of its one row.</summary>
    public int ReadNumber()
    {
        int result = raw.sqlite3_step(statement);
        int number = raw.sqlite3_column_int(statement, 0);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_ROW) Check(result);
        return number;
    }

    /// <summary>Executes it and reads the hash in the first column of its first row; null when there is no row.</summary>
    public LedgerHash? ReadHash()
    {
        int result = raw.sqlite3_step(statement);
        LedgerHash? hash = result == raw.SQLITE_ROW ? LedgerHash.FromBytes(raw.sqlite3_column_blob(statement, 0)) : null;
        raw.sqlite3_reset(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE)) Check(result);
        return hash;
    }

    public void Dispose() => statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
}
