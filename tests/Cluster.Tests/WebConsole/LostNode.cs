using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>A node that ended without a word, and told more than this version knows.</summary>
internal static class LostNode
{
    public const string Name = "silo-3";

    /// <summary>Leaves its row in a ledger, last written some time ago.</summary>
    /// <param name="database">Connection string of the ledger.</param>
    /// <param name="silence">How long ago, as PostgreSQL has it.</param>
    public static Task AddAsync(string database, string silence) => PostgresServer.ExecuteAsync(database, $$"""
        INSERT INTO ledger.node (name, address, instance, watches, report, heard_at)
        VALUES ('{{Name}}', 'gone:5081', gen_random_uuid(), false, '{"Queue": 7, "Unknown": "of a later version"}', now() - interval '{{silence}}')
        ON CONFLICT (name, address) DO UPDATE SET heard_at = EXCLUDED.heard_at
        """);
}
