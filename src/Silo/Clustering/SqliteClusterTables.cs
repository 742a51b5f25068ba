using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Settlement.Silo.Clustering;

/// <summary>The table of grain states in SQLite, for a single silo. Its version is SQLite's own <c>user_version</c>.</summary>
internal static class SqliteClusterTables
{
    private const string Version1 = """
        CREATE TABLE orleans_state (
            service TEXT NOT NULL,
            name TEXT NOT NULL,
            n0 INTEGER NOT NULL,
            n1 INTEGER NOT NULL,
            key TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1),
            changed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
            payload BLOB,
            PRIMARY KEY (service, name, n0, n1, key)
        ) STRICT, WITHOUT ROWID;
        """;

    private static readonly string[] Versions = [Version1];

    /// <summary>Opens the file with the settings that make a commit durable.</summary>
    public static async Task<SqliteConnection> OpenAsync(string connectionString, CancellationToken cancellation = default)
    {
        SqliteConnection connection = new(connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await ExecuteAsync(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates or migrates the file.</summary>
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellation)
    {
        string file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        try
        {
            await using SqliteConnection connection = await OpenAsync(connectionString, cancellation);
            await ExecuteAsync(connection, "BEGIN IMMEDIATE", cancellation);
            await using SqliteCommand version = new("PRAGMA user_version", connection);
            int found = (int)(long)(await version.ExecuteScalarAsync(cancellation))!;
            if (found > Versions.Length) throw PostgresClusterTables.SchemaTooNew(file, found, Versions.Length);
            for (int next = found; next < Versions.Length; next++) await ExecuteAsync(connection, Versions[next], cancellation);
            await ExecuteAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Versions.Length}; COMMIT"), cancellation);
        }
        catch (SqliteException error)
        {
            throw new InvalidOperationException($"The file of the facility registry, {file}, cannot be used: {error.Message}", error);
        }
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using SqliteCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
