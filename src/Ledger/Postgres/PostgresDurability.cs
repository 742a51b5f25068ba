using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>Refuses a server that takes no entries, and one on which a committed transaction may be lost or torn.</summary>
internal static class PostgresDurability
{
    private const int OldestVersion = 13;

    public static async Task CheckAsync(
        NpgsqlConnection connection, string place, bool allowUnsafe, ILogger logger, CancellationToken cancellation)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion)
            throw new LedgerConfigurationException(
                $"{place} runs PostgreSQL {connection.PostgreSqlVersion}; version {OldestVersion} or newer is needed.");

        // A server that recovers lets readers in before it is done.
        if (await ScalarAsync(connection, "SELECT pg_is_in_recovery()", cancellation).ConfigureAwait(false) is true)
            throw new LedgerUnavailableException(
                $"{place} is in recovery, as a standby is, or a server that still replays its log: it takes no entries. "
                + "Wait until it does, or name the primary.");

        // Our connections ask for this themselves. A pooler between us and the server may drop the request: look at what came of it.
        string synchronous = await ShowAsync(connection, "synchronous_commit", cancellation).ConfigureAwait(false);
        if (synchronous is not ("on" or "remote_apply"))
        {
            throw new LedgerConfigurationException(
                $"{place} answers with synchronous_commit = {synchronous}; it must be on. Does a connection pooler drop start-up options?");
        }

        if (await ShowAsync(connection, "fsync", cancellation).ConfigureAwait(false) != "on")
        {
            if (!allowUnsafe)
            {
                throw new LedgerConfigurationException(
                    $"{place} runs with fsync = off: a durable answer can be lost. Turn it on, or for a test set Ledger:AllowUnsafeDurability.");
            }
            LedgerLog.UnsafeDurability(logger, place, "fsync = off");
        }

        // Safe on a file system that never tears a page, so it is the operator's to judge.
        if (await ShowAsync(connection, "full_page_writes", cancellation).ConfigureAwait(false) != "on")
            LedgerLog.UnsafeDurability(logger, place, "full_page_writes = off");
    }

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellation) =>
        (string)(await ScalarAsync(connection, $"SHOW {setting}", cancellation).ConfigureAwait(false))!;

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }
}
