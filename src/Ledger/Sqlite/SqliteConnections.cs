using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Settlement.Ledger.Sqlite;

/// <summary>Opens connections to the ledger file with the settings that make a commit durable, and names failures.</summary>
internal sealed class SqliteConnections(LedgerOptions options)
{
    // SQLite's own result codes.
    private const int Error = 1;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int TooBig = 18;

    public string File { get; } = System.IO.Path.GetFullPath(options.Path);

    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = System.IO.Path.GetFullPath(options.Path),
        DefaultTimeout = (int)options.CommandTimeout.TotalSeconds,
    }.ToString();

    /// <summary>Opens a pooled connection for reading: in write-ahead mode, which the file remembers, it needs no settings.</summary>
    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection for writing, whose commits wait for the disk.</summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection connection = OpenReader();
        try
        {
            using SqliteCommand command = connection.CreateCommand();
            // FULL: the write-ahead log is synchronised at every commit. NORMAL would lose the newest commits with the power.
            // Statements on SQLite's own interface wait for another process's transaction only when told to.
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA busy_timeout = {(long)options.CommandTimeout.TotalMilliseconds};");
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes the pooled connections, and with the last one the write-ahead log.</summary>
    public void ClosePool()
    {
        using SqliteConnection connection = new(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>True when SQLite refuses the row itself; anything else concerns the file, and may pass.</summary>
    public static bool IsRefusal(SqliteException problem) => problem.SqliteErrorCode is Constraint or Mismatch or TooBig;

    public LedgerException Translate(SqliteException problem) => problem.SqliteErrorCode == Error
        ? new LedgerException($"The ledger at {File}: {problem.Message}", problem)
        : new LedgerUnavailableException($"The ledger at {File} does not answer: {problem.Message}", problem);
}
