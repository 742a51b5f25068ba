using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Settlement.Ledger.Sqlite;

/// <summary>Opens connections to the ledger file with the settings that make a commit durable, and names failures.</summary>
internal sealed class SqliteConnections(LedgerOptions options)
{
    // SQLite's own result codes.
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int TooBig = 18;

    public string File { get; } = System.IO.Path.GetFullPath(options.Path);

    // Never created by the way: where the file was moved away, an empty one in its place would hide that.
    private readonly string connectionString = ConnectionString(options, SqliteOpenMode.ReadWrite, pooling: true);

    /// <summary>Opens a pooled connection for reading: in write-ahead mode, which the file remembers, it needs no settings.</summary>
    public SqliteConnection OpenReader() => Open(connectionString, settings: null);

    /// <summary>
    /// Opens a connection for writing, whose commits wait for the disk. Never from or to the pool, which would keep a transaction open that
    /// a failure left behind, and with it the one write lock.
    /// </summary>
    public SqliteConnection OpenWriter() => Open(ConnectionString(options, SqliteOpenMode.ReadWrite, pooling: false), WriterSettings());

    /// <summary>Opens a connection for writing, and makes the file when it is not there.</summary>
    public SqliteConnection OpenOrCreate() =>
        Open(ConnectionString(options, SqliteOpenMode.ReadWriteCreate, pooling: false), WriterSettings());

    /// <summary>
    /// Makes sure that the file is where it was and may be written: a connection that has it open would not notice either.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">It is not there, or read-only.</exception>
    public void EnsureWritable()
    {
        if (FileWriteAccess.WhyNotWritable(File) is { } reason)
            throw new LedgerUnavailableException($"The ledger at {File} cannot be written: {reason}");
    }

    /// <summary>Closes the pooled connections, and with the last one the write-ahead log.</summary>
    public void ClosePool()
    {
        using SqliteConnection connection = new(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>True when SQLite refuses the row itself; anything else concerns the file, and may pass.</summary>
    public static bool IsRefusal(SqliteException problem) => problem.SqliteErrorCode is Constraint or Mismatch or TooBig;

    public LedgerUnavailableException Translate(SqliteException problem) =>
        new($"The ledger at {File} does not answer: {problem.Message}", problem);

    // FULL: the write-ahead log is synchronised at every commit. NORMAL would lose the newest commits with the power.
    // Statements on SQLite's own interface wait for another process's transaction only when told to.
    private string WriterSettings() => string.Create(CultureInfo.InvariantCulture, $"""
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
        PRAGMA busy_timeout = {(long)options.CommandTimeout.TotalMilliseconds};
        {(options.MaxFilePages == 0 ? "" : $"PRAGMA max_page_count = {options.MaxFilePages};")}
        """);

    private static SqliteConnection Open(string connectionString, string? settings)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            connection.Open();
            if (settings is null) return connection;
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = settings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string ConnectionString(LedgerOptions options, SqliteOpenMode mode, bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = System.IO.Path.GetFullPath(options.Path),
        DefaultTimeout = (int)options.CommandTimeout.TotalSeconds,
        Mode = mode,
        Pooling = pooling,
    }.ToString();
}
