using System.Globalization;
using Npgsql;

namespace Settlement.Silo.Clustering;

/// <summary>
/// The tables of Orleans' providers in PostgreSQL, version by version. A published version is never edited; a change is a new one.
/// They stand in the first schema of the search path, where the providers look for OrleansQuery.
/// </summary>
internal static class PostgresClusterTables
{
    // Any number that no other program in the database takes for its own lock; not the ledger's.
    private const long StartUpLock = 0x736574746C6F726C;

    private const string Version1 = """
        CREATE TABLE orleans_schema (single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row), version integer NOT NULL);
        INSERT INTO orleans_schema (version) VALUES (0);
        CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
        CREATE TABLE orleans_cluster (
            cluster text PRIMARY KEY,
            version integer NOT NULL CHECK (version >= 0),
            changed_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE orleans_silo (
            cluster text NOT NULL REFERENCES orleans_cluster ON DELETE CASCADE,
            address text NOT NULL,
            port integer NOT NULL CHECK (port BETWEEN 0 AND 65535),
            generation integer NOT NULL,
            name text NOT NULL,
            host text NOT NULL,
            status integer NOT NULL,
            proxy_port integer CHECK (proxy_port BETWEEN 0 AND 65535),
            suspected text,
            started_at timestamptz NOT NULL,
            alive_at timestamptz NOT NULL,
            PRIMARY KEY (cluster, address, port, generation)
        );
        CREATE TABLE orleans_state (
            n0 bigint NOT NULL,
            n1 bigint NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT now(),
            version integer NOT NULL CHECK (version >= 1),
            service text COLLATE "C" NOT NULL,
            name text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            payload bytea,
            PRIMARY KEY (service, name, n0, n1, key)
        );
        """;

    private static readonly string[] Versions = [Version1];

    /// <summary>
    /// Creates or migrates under a lock, so that several silos starting at once do it once, and puts this version's statements in.
    /// </summary>
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellation)
    {
        try
        {
            await using NpgsqlConnection connection = new(connectionString);
            await connection.OpenAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await ExecuteAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({StartUpLock})"), cancellation);
            int found = await FindVersionAsync(connection, cancellation);
            if (found > Versions.Length) throw SchemaTooNew(connection.Database, found, Versions.Length);
            for (int version = found; version < Versions.Length; version++) await ExecuteAsync(connection, Versions[version], cancellation);
            await ExecuteAsync(
                connection, string.Create(CultureInfo.InvariantCulture, $"UPDATE orleans_schema SET version = {Versions.Length}"),
                cancellation);
            foreach ((string key, string text) in ClusterQueries.Membership.Concat(ClusterQueries.States))
                await PutAsync(connection, key, text, cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (NpgsqlException error)
        {
            throw new InvalidOperationException($"The tables of the cluster cannot be made or read: {error.Message}", error);
        }
    }

    internal static InvalidOperationException SchemaTooNew(string place, int found, int known) =>
        new(string.Create(CultureInfo.InvariantCulture,
        $"The cluster's tables at {place} have schema version {found}; this program knows versions up to {known}. Start the newer program that wrote them."));

    private static async Task<int> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlCommand exists = new("SELECT to_regclass('orleans_schema') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            await using NpgsqlCommand foreign = new("SELECT to_regclass('orleansquery') IS NOT NULL", connection);
            return await foreign.ExecuteScalarAsync(cancellation) is true
                ? throw new InvalidOperationException(
                    $"Database {connection.Database} has a table OrleansQuery, but not of this product. Use another database.")
                : 0;
        }

        await using NpgsqlCommand version = new("SELECT version FROM orleans_schema", connection);
        return (int)(await version.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task PutAsync(NpgsqlConnection connection, string key, string text, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(
            "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ($1, $2) ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
