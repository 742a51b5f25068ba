using System.Diagnostics;
using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>What an entry meets in the ledger.</summary>
/// <param name="Same">Hash of the entry under its person and sequence.</param>
/// <param name="Previous">Hash of the entry under the sequence before it.</param>
/// <param name="Passed">Whether the person's newest entry is at its sequence or beyond.</param>
/// <param name="Request">Whether an attached entry has its request key.</param>
/// <param name="Charge">Whether an attached entry has its charge in its generation.</param>
/// <param name="Reversal">Whether an attached entry reverses what it reverses.</param>
/// <param name="Archived">Whether a detached period holds its request, its charge, or what it reverses.</param>
internal readonly record struct KeyFindings(
    LedgerHash? Same, LedgerHash? Previous, bool Passed, bool Request, bool Charge, bool Reversal, bool Archived);

/// <summary>
/// A writing connection. One entry goes in a prepared statement, which is one round trip; more go by COPY, which costs a second one but
/// much less for each entry: the server adds their rows and their log records a page at a time. Used by one appender at a time.
/// It writes to the period that was open when it was opened; once that is closed, a new connection must take its place.
/// </summary>
internal sealed class PostgresBatchCommands : IAsyncDisposable
{
    // How long a look at the schema's version holds. A migration that older programs would harm makes their statements fail.
    private static readonly TimeSpan VersionHolds = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection connection;
    private readonly bool copyAlways;
    private readonly PostgresEntryParameters single = new();
    private readonly PostgresCopyRows rows = new();
    private readonly object session = new();
    private readonly List<LedgerEntry> unseen = [];
    private readonly PeriodLayout layout;
    private readonly string copySql;
    private readonly NpgsqlCommand insert;
    private readonly NpgsqlCommand follow;
    private readonly NpgsqlCommand keysFree;
    private readonly NpgsqlCommand find;
    private readonly NpgsqlCommand version;
    private long? versionSeen;

    private PostgresBatchCommands(NpgsqlConnection connection, PeriodLayout layout, bool copyAlways)
    {
        this.connection = connection;
        this.layout = layout;
        this.copyAlways = copyAlways;
        PostgresBatchSql sql = new(layout);
        copySql = sql.Copy;
        insert = new NpgsqlCommand(sql.Insert, connection);
        single.AddTo(insert.Parameters);
        follow = new NpgsqlCommand(sql.Follow, connection);
        follow.Parameters.Add(new NpgsqlParameter<string[]>());
        follow.Parameters.Add(new NpgsqlParameter<int[]>());
        follow.Parameters.Add(new NpgsqlParameter<byte[][]>());
        keysFree = new NpgsqlCommand(sql.KeysFree, connection);
        keysFree.Parameters.Add(new NpgsqlParameter<Guid[]>());
        keysFree.Parameters.Add(new NpgsqlParameter<Guid?[]>());
        keysFree.Parameters.Add(new NpgsqlParameter<short?[]>());
        keysFree.Parameters.Add(new NpgsqlParameter<string[]>());
        keysFree.Parameters.Add(new NpgsqlParameter<int?[]>());
        find = new NpgsqlCommand(PostgresBatchSql.Find, connection);
        find.Parameters.Add(new NpgsqlParameter<string[]>());
        find.Parameters.Add(new NpgsqlParameter<int[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid[]>());
        find.Parameters.Add(new NpgsqlParameter<Guid?[]>());
        find.Parameters.Add(new NpgsqlParameter<short?[]>());
        find.Parameters.Add(new NpgsqlParameter<int?[]>());
        version = new NpgsqlCommand("SELECT version FROM ledger.meta", connection);
    }

    public static async Task<PostgresBatchCommands> OpenAsync(PostgresConnections connections, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await connections.OpenWriterAsync(cancellation).ConfigureAwait(false);
        try
        {
            PeriodLayout layout = await PeriodLayout.ReadAsync(connection, cancellation).ConfigureAwait(false);
            PostgresBatchCommands commands = new(connection, layout, connections.CopyAlways);
            await commands.insert.PrepareAsync(cancellation).ConfigureAwait(false);
            await commands.follow.PrepareAsync(cancellation).ConfigureAwait(false);
            if (!layout.IsOnlyOne) await commands.keysFree.PrepareAsync(cancellation).ConfigureAwait(false);
            return commands;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Looks whether the schema is still this program's: on a new connection, and about once a second.</summary>
    /// <exception cref="LedgerSchemaException">It is not.</exception>
    public async Task EnsureSchemaAsync(string place, CancellationToken cancellation)
    {
        if (versionSeen is { } seen && Stopwatch.GetElapsedTime(seen) < VersionHolds) return;
        long now = Stopwatch.GetTimestamp();
        PostgresSchema.EnsureCurrent(await version.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as int? ?? 0, place);
        versionSeen = now;
    }

    /// <summary>Inserts all the entries or none. Gives what stands against them, or null when they are durable.</summary>
    public async Task<string?> InsertAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        string? conflict = null;
        if (indexes.Count == 1 && !copyAlways) await InsertOneAsync(batch, indexes[0], cancellation).ConfigureAwait(false);
        else conflict = await CopyAsync(batch, indexes, cancellation).ConfigureAwait(false);
        if (conflict is null)
            foreach (int index in indexes) batch.LaneOf(index).WrittenIn = session;
        return conflict;
    }

    private async Task InsertOneAsync(LedgerBatch batch, int index, CancellationToken cancellation)
    {
        single.Set(batch[index], isKnownToFollow: IsSeen(batch, index));
        await insert.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether the entry is known to follow what the ledger holds. What this very connection wrote is there, and in the open period. A new
    /// connection may be to a server that was restored to an earlier state, or to a later period. The key alone stands against a second
    /// first entry, but only within the period.
    /// </summary>
    private bool IsSeen(LedgerBatch batch, int index) =>
        (batch[index].Sequence == 1 && layout.IsOnlyOne) || batch.LaneOf(index).WrittenIn == session;

    private async Task<string?> CopyAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        rows.Begin();
        unseen.Clear();
        LedgerEntry? before = null;
        for (int i = 0; i < indexes.Count; i++)
        {
            LedgerEntry entry = batch[indexes[i]];
            rows.Add(entry, i + 1);
            if (!entry.Follows(before) && !IsSeen(batch, indexes[i])) unseen.Add(entry);
            before = entry;
        }
        rows.End();
        if (unseen.Count > 0 && !await AllFollowAsync(cancellation).ConfigureAwait(false))
            return "an entry does not follow what the ledger holds";
        if (!layout.IsOnlyOne && !await AllKeysAreFreeAsync(batch, indexes, cancellation).ConfigureAwait(false))
            return "an older period holds a key";
        NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(copySql, cancellation).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(rows.Written, cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Closing would commit the rows that had been sent, and with them perhaps a part of a group.
            await stream.CancelAsync().ConfigureAwait(false);
            throw;
        }
        // Closing the stream ends the statement and with it the transaction; until then nothing is written.
        await stream.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// Whether the ledger holds the predecessor of every unseen entry. Entries never change or vanish: once seen is enough.
    /// </summary>
    private async Task<bool> AllFollowAsync(CancellationToken cancellation)
    {
        follow.Parameters[0].Value = unseen.ConvertAll(static e => e.PersonId).ToArray();
        follow.Parameters[1].Value = unseen.ConvertAll(static e => e.Sequence).ToArray();
        follow.Parameters[2].Value = unseen.ConvertAll(static e => e.PreviousHash.ToArray()).ToArray();
        return await follow.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }

    /// <summary>Whether no older period holds a key of the entries. Older periods are closed: once asked is enough.</summary>
    private async Task<bool> AllKeysAreFreeAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        keysFree.Parameters[0].Value = indexes.ConvertAll(index => batch[index].RequestKey.ToGuid()).ToArray();
        keysFree.Parameters[1].Value = indexes.ConvertAll(index => batch[index].ChargeKey?.ToGuid()).ToArray();
        keysFree.Parameters[2].Value = indexes.ConvertAll(index => GenerationOf(batch[index])).ToArray();
        keysFree.Parameters[3].Value = indexes.ConvertAll(index => batch[index].PersonId).ToArray();
        keysFree.Parameters[4].Value = indexes.ConvertAll(index => batch[index].Reverses).ToArray();
        return await keysFree.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
    }

    /// <summary>Reads what the keys of the entries meet in the ledger, in the order of the list.</summary>
    public async Task<List<KeyFindings>> FindAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        LedgerEntry[] entries = [.. indexes.Select(index => batch[index])];
        find.Parameters[0].Value = Array.ConvertAll(entries, static e => e.PersonId);
        find.Parameters[1].Value = Array.ConvertAll(entries, static e => e.Sequence);
        find.Parameters[2].Value = Array.ConvertAll(entries, static e => e.RequestKey.ToGuid());
        find.Parameters[3].Value = Array.ConvertAll(entries, static e => e.ChargeKey?.ToGuid());
        find.Parameters[4].Value = Array.ConvertAll(entries, GenerationOf);
        find.Parameters[5].Value = Array.ConvertAll(entries, static e => e.Reverses);
        List<KeyFindings> findings = new(entries.Length);
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            findings.Add(new KeyFindings(
                HashAt(reader, 0),
                HashAt(reader, 1),
                reader.GetBoolean(2),
                reader.GetBoolean(3),
                reader.GetBoolean(4),
                reader.GetBoolean(5),
                reader.GetBoolean(6)));
        }
        return findings;
    }

    public async ValueTask DisposeAsync()
    {
        await insert.DisposeAsync().ConfigureAwait(false);
        await follow.DisposeAsync().ConfigureAwait(false);
        await keysFree.DisposeAsync().ConfigureAwait(false);
        await find.DisposeAsync().ConfigureAwait(false);
        await version.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static short? GenerationOf(LedgerEntry entry) => entry.ChargeKey is null ? null : (short)entry.ChargeGeneration;

    private static LedgerHash? HashAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : LedgerHash.FromBytes(reader.GetFieldValue<byte[]>(column));
}
