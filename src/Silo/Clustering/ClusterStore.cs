using Microsoft.Data.Sqlite;
using Settlement.Ledger;

namespace Settlement.Silo.Clustering;

/// <summary>
/// Where membership and the states of grains are kept: in PostgreSQL, or for a single silo in a SQLite file beside the ledger's.
/// </summary>
/// <param name="IsPostgres">Whether it is PostgreSQL.</param>
/// <param name="ConnectionString">The connection string, in the provider's form.</param>
internal sealed record ClusterStore(bool IsPostgres, string ConnectionString)
{
    private const string FileName = "registry.db";

    /// <summary>The store that the options mean: one of its own, or else the ledger's PostgreSQL, or else a file.</summary>
    public static ClusterStore Of(ClusterSettings cluster, LedgerOptions ledger)
    {
        if (cluster.ConnectionString.Length > 0) return new(true, cluster.ConnectionString);
        if (ledger.Provider == LedgerProvider.Postgres) return new(true, ledger.ConnectionString);
        string folder = Path.GetDirectoryName(Path.GetFullPath(ledger.Path))!;
        return new(false,
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), DefaultTimeout = 30 }.ToString());
    }

    /// <summary>Creates or migrates the tables.</summary>
    /// <exception cref="InvalidOperationException">The tables are a newer program's, or the database cannot be reached.</exception>
    public Task InitialiseAsync(CancellationToken cancellation = default) => IsPostgres
        ? PostgresClusterTables.ApplyAsync(ConnectionString, cancellation)
        : SqliteClusterTables.ApplyAsync(ConnectionString, cancellation);
}
