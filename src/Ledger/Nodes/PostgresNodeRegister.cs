using Npgsql;
using NpgsqlTypes;
using Settlement.Ledger.Postgres;

namespace Settlement.Ledger.Nodes;

/// <summary>
/// The register in the ledger's PostgreSQL database, table <c>ledger.node</c>. Silence is measured by the server's clock, whatever those of
/// the nodes say. Each statement may be done twice: what a lost connection had brought home is written once more, or is gone already.
/// </summary>
internal sealed class PostgresNodeRegister(LedgerOptions options) : INodeRegister
{
    private readonly PostgresConnections connections = new(options);

    // One statement. What it asks for in the end, it sees as it was before. The silent are dropped behind its own row, and none that
    // is locked: nodes that speak again at once, after a long silence of all, do not wait for each other in a ring.
    public Task<bool> ReportAsync(NodeEntry entry, CancellationToken cancellation = default) => connections.QueryAsync(
        """
        WITH forgotten AS (DELETE FROM ledger.node WHERE (name, address) IN (
            SELECT name, address FROM ledger.node WHERE heard_at < now() - $6 AND (name, address) <> ($1, $2) FOR UPDATE SKIP LOCKED))
        INSERT INTO ledger.node (name, address, instance, watches, report, heard_at) VALUES ($1, $2, $3, $4, $5, now())
        ON CONFLICT (name, address) DO UPDATE SET
            instance = EXCLUDED.instance, watches = EXCLUDED.watches, report = EXCLUDED.report, heard_at = EXCLUDED.heard_at
        RETURNING EXISTS (SELECT FROM ledger.node AS other
            WHERE other.watches AND other.heard_at > now() - $7 AND (other.name, other.address) <> ($1, $2))
        """,
        [
            .. Place(entry),
            new NpgsqlParameter<Guid> { TypedValue = entry.Instance },
            new NpgsqlParameter<bool> { TypedValue = entry.Watches },
            new NpgsqlParameter { Value = entry.Report, NpgsqlDbType = NpgsqlDbType.Jsonb },
            new NpgsqlParameter<TimeSpan> { TypedValue = NodeRegister.Remembered },
            new NpgsqlParameter<TimeSpan> { TypedValue = NodeRegister.Patience },
        ],
        async reader => await reader.ReadAsync(cancellation).ConfigureAwait(false) && reader.GetBoolean(0),
        cancellation);

    public Task<IReadOnlyList<HeardNode>> ReadAsync(
        CancellationToken cancellation = default) => connections.QueryAsync<IReadOnlyList<HeardNode>>(
        """
        SELECT name, address, instance, watches, report::text, greatest(clock_timestamp() - heard_at, interval '0') FROM ledger.node
        ORDER BY name, address
        """,
        [],
        async reader =>
        {
            List<HeardNode> nodes = [];
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            {
                NodeEntry entry = new(
                    reader.GetString(0), reader.GetString(1), reader.GetGuid(2), reader.GetBoolean(3), reader.GetString(4));
                nodes.Add(new HeardNode(entry, reader.GetTimeSpan(5)));
            }

            return nodes;
        },
        cancellation);

    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellation = default) => connections.QueryAsync(
        "DELETE FROM ledger.node WHERE name = $1 AND address = $2 AND instance = $3",
        [.. Place(entry), new NpgsqlParameter<Guid> { TypedValue = entry.Instance }],
        static reader => Task.FromResult(reader.RecordsAffected),
        cancellation);

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    private static NpgsqlParameter[] Place(NodeEntry entry) =>
        [new NpgsqlParameter<string> { TypedValue = entry.Name }, new NpgsqlParameter<string> { TypedValue = entry.Address }];
}
