using Microsoft.Data.Sqlite;
using Npgsql;
using Settlement.Ledger;

namespace Settlement.StateBench;

/// <summary>What was answered must be in the ledger: what came since a measurement began is read when it ends.</summary>
internal sealed class LedgerCheck
{
    private const int Page = 10_000;
    private readonly ILedgerStore store;
    private long position;

    private LedgerCheck(ILedgerStore store, long position)
    {
        this.store = store;
        this.position = position;
    }

    /// <summary>
    /// Takes note of where the ledger ends now, while nobody writes to it. Asks the database itself: reading up to there would warm its
    /// cache.
    /// </summary>
    public static async Task<LedgerCheck> BeginAsync(LedgerOptions ledger, ILedgerStore store)
    {
        if (ledger.Provider == LedgerProvider.Postgres)
        {
            await using NpgsqlConnection connection = new(ledger.ConnectionString);
            await connection.OpenAsync();
            await using NpgsqlCommand newest = new("SELECT coalesce(max(position + place), 0) FROM ledger.entry", connection);
            return new LedgerCheck(store, (long)(await newest.ExecuteScalarAsync())!);
        }

        SqliteConnectionStringBuilder place = new() { DataSource = ledger.Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        await using SqliteConnection file = new(place.ToString());
        await file.OpenAsync();
        await using SqliteCommand last = file.CreateCommand();
        last.CommandText = "SELECT coalesce(max(position), 0) FROM entry";
        return new LedgerCheck(store, (long)(await last.ExecuteScalarAsync())!);
    }

    /// <summary>Reads what came since: so many settlements, each sound by itself.</summary>
    /// <exception cref="InvalidOperationException">One is missing, doubled or damaged.</exception>
    public async Task EndAsync(long settled)
    {
        long found = 0;
        HashSet<LedgerKey> requests = [];
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await store.ReadFromPositionAsync(position, Page);
            foreach (LedgerEntry entry in page)
            {
                if (!entry.HashIsValid())
                    throw new InvalidOperationException($"The entry at position {entry.Position} does not have the hash it says.");
                if (!requests.Add(entry.RequestKey)) throw new InvalidOperationException($"Request {entry.RequestId} was settled twice.");
                found++;
                position = entry.Position;
            }
        }
        while (page.Count > 0);

        if (found != settled) throw new InvalidOperationException($"{settled} settlements were answered, the ledger has {found} new ones.");
    }
}
