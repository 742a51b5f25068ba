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
/// A writing connection. Used by one appender at a time. It writes to the period that was open when it was opened; once that is closed, a
/// new connection must take its place.
/// </summary>
internal sealed class PostgresBatchCommands : IAsyncDisposable
{
    private const long NeverSeen = long.MinValue;

    // How long a look at the schema's version holds. A migration that older programs would harm makes their statements fail.
    private static readonly TimeSpan VersionHolds = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection connection;
    private readonly object session = new();
    private readonly PeriodLayout layout;
    private readonly NpgsqlCommand find;
    private readonly NpgsqlCommand version;
    private readonly BatchPipeline pipeline;
    private readonly Queue<long?> versionAsked = new(2);
    private long versionSeen = NeverSeen;

    private PostgresBatchCommands(NpgsqlConnection connection, PeriodLayout layout, bool copyAlways)
    {
        this.connection = connection;
        this.layout = layout;
        pipeline = new BatchPipeline(connection, asksForKeys: !layout.IsOnlyOne, copyAlways);
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
            await commands.pipeline.PrepareAsync(new PostgresBatchSql(layout), cancellation).ConfigureAwait(false);
            return commands;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>True when no batch is under way in the pipeline, so that the other members may be used.</summary>
    public bool IsQuiet => pipeline.IsQuiet;

    private bool IsVersionKnown
    {
        get
        {
            long seen = Volatile.Read(ref versionSeen);
            return seen != NeverSeen && Stopwatch.GetElapsedTime(seen) < VersionHolds;
        }
    }

    /// <summary>Looks whether the schema is still this program's: on a new connection, and about once a second.</summary>
    /// <exception cref="LedgerSchemaException">It is not.</exception>
    public async Task EnsureSchemaAsync(string place, CancellationToken cancellation)
    {
        if (IsVersionKnown) return;
        long now = Stopwatch.GetTimestamp();
        PostgresSchema.EnsureCurrent(await version.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as int? ?? 0, place);
        versionSeen = now;
    }

    /// <summary>Inserts all the entries. They are durable when it returns.</summary>
    /// <exception cref="PostgresException">Something stands against one, and none was written.</exception>
    public async Task InsertAsync(LedgerBatch batch, List<int> indexes, CancellationToken cancellation)
    {
        foreach (int index in indexes) pipeline.Add(batch[index], IsSeen(batch, index));
        await pipeline.SendAsync(asksForVersion: false, cancellation).ConfigureAwait(false);
        if (await pipeline.ReadAnswerAsync(cancellation).ConfigureAwait(false) is { } refused) throw refused;
        foreach (int index in indexes) batch.LaneOf(index).WrittenIn = session;
    }

    /// <summary>Sends the undecided entries of a batch through the pipeline.</summary>
    public ValueTask SendAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsDecided(i)) pipeline.Add(batch[i], IsSeen(batch, i));
        }

        versionAsked.Enqueue(IsVersionKnown ? null : Stopwatch.GetTimestamp());
        return pipeline.SendAsync(asksForVersion: !IsVersionKnown, cancellation);
    }

    /// <summary>Waits until the batch is durable, or gives what stands against it: nothing of it is written then.</summary>
    public async Task<PostgresException?> ReadAnswerAsync(LedgerBatch batch, CancellationToken cancellation)
    {
        long? asked = versionAsked.Dequeue();
        if (await pipeline.ReadAnswerAsync(cancellation).ConfigureAwait(false) is { } refused) return refused;
        if (asked is { } seen) Volatile.Write(ref versionSeen, seen);
        for (int i = 0; i < batch.Count; i++)
        {
            if (!batch.IsDecided(i)) batch.LaneOf(i).WrittenIn = session;
        }

        return null;
    }

    /// <summary>
    /// Whether the entry is known to follow what the ledger holds. What this very connection wrote is there, and in the open period. A new
    /// connection may be to a server that was restored to an earlier state, or to a later period. The key alone stands against a second
    /// first entry, but only within the period.
    /// </summary>
    private bool IsSeen(LedgerBatch batch, int index) =>
        (batch[index].Sequence == 1 && layout.IsOnlyOne) || batch.LaneOf(index).WrittenIn == session;

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
        await find.DisposeAsync().ConfigureAwait(false);
        await version.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static short? GenerationOf(LedgerEntry entry) => entry.ChargeKey is null ? null : (short)entry.ChargeGeneration;

    private static LedgerHash? HashAt(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : LedgerHash.FromBytes(reader.GetFieldValue<byte[]>(column));
}
