using Microsoft.Extensions.Logging;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>Refuses a server on which a committed transaction may be lost or torn.</summary>
internal static class PostgresDurability
{
    private const int OldestVersion = 13;

    public static async Task CheckAsync(
        NpgsqlConnection connection, string place, bool allowUnsafe, ILogger logger, CancellationToken cancellation)
    {
        if (connection.PostgreSqlVersion.Major < OldestVersion)
            throw new LedgerConfigurationException(
                $"{place} runs PostgreSQL {connection.PostgreSqlVersion}; version {OldestVersion} or newer is needed.");

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

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = new($"SHOW {setting}", connection);
        return (string)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
