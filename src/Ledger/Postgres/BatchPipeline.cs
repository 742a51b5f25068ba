using Npgsql;

namespace Settlement.Ledger.Postgres;

/// <summary>
/// Sends batches over a writing connection, each right behind the one before. A batch is one transaction: its rows by COPY, then the
/// questions that must be answered with yes, then Sync, which commits. One entry alone goes in a prepared statement, which costs less then
/// and answers the questions itself. The server reads the next batch as soon as it has committed one. One thread may send while another
/// reads.
/// </summary>
internal sealed class BatchPipeline
{
    private const string Copy = "ledger_copy";
    private const string Insert = "ledger_insert";
    private const string Follow = "ledger_follow";
    private const string KeysFree = "ledger_keys_free";
    private const string Version = "ledger_version";

    // Types of PostgreSQL's catalogue (pg_type), the same in every database.
    private const int TypeBytes = 17;
    private const int TypeInt16 = 21;
    private const int TypeInt32 = 23;
    private const int TypeText = 25;
    private const int TypeUuid = 2950;

    private readonly Stream stream;
    private readonly BackendAnswers answers;
    private readonly FrontendMessages messages = new();
    private readonly PostgresEntryRows rows = new();
    private readonly List<LedgerEntry> unseen = [];
    private readonly List<LedgerEntry> taken = [];
    private readonly bool asksForKeys;
    private readonly bool copyAlways;
    private readonly TimeSpan limit;
    private int awaited;

    /// <summary>Speaks over an open connection.</summary>
    /// <param name="connection">The connection; Npgsql must not use it while a batch is under way.</param>
    /// <param name="asksForKeys">Whether closed periods may hold a key of an entry.</param>
    /// <param name="copyAlways">Whether one entry alone goes by COPY too.</param>
    public BatchPipeline(NpgsqlConnection connection, bool asksForKeys, bool copyAlways)
    {
        this.asksForKeys = asksForKeys;
        this.copyAlways = copyAlways;
        stream = ConnectionStream.Of(connection);
        answers = new BackendAnswers(stream);
        limit = connection.CommandTimeout == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(connection.CommandTimeout);
    }

    /// <summary>True when nothing is under way, so that Npgsql may use the connection.</summary>
    public bool IsQuiet => Volatile.Read(ref awaited) == 0 && answers.IsEmpty;

    /// <summary>Prepares the statements.</summary>
    /// <exception cref="PostgresException">The server refuses one.</exception>
    public async Task PrepareAsync(PostgresBatchSql sql, CancellationToken cancellation)
    {
        messages.Parse(Copy, sql.Copy);
        messages.Parse(Insert, sql.Insert);
        messages.Parse(Follow, sql.AllFollow);
        messages.Parse(KeysFree, sql.AllKeysAreFree);
        messages.Parse(Version, PostgresBatchSql.IsCurrent);
        messages.Sync();
        Interlocked.Increment(ref awaited);
        await FlushAsync(cancellation).ConfigureAwait(false);
        if (await ReadAnswerAsync(cancellation).ConfigureAwait(false) is { } refused) throw refused;
    }

    /// <summary>Takes an entry into the batch that is sent next.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="isKnownToFollow">Whether the ledger is known to hold the one before it.</param>
    public void Add(LedgerEntry entry, bool isKnownToFollow)
    {
        if (taken.Count == 0) rows.Begin();
        taken.Add(entry);
        rows.Add(entry, taken.Count);
        if (!isKnownToFollow) unseen.Add(entry);
    }

    /// <summary>Sends the batch. It commits only if each question is answered with yes.</summary>
    /// <param name="asksForVersion">Whether the schema's version is in question.</param>
    /// <param name="cancellation">Ends the wait; the connection is of no use then.</param>
    public ValueTask SendAsync(bool asksForVersion, CancellationToken cancellation)
    {
        if (taken.Count == 0) throw new InvalidOperationException("A batch without entries is not sent.");
        if (taken.Count == 1 && !copyAlways) InsertOne();
        else CopyAll();
        if (asksForVersion) messages.Execute(Version);
        messages.Sync();
        taken.Clear();
        unseen.Clear();
        Interlocked.Increment(ref awaited);
        return FlushAsync(cancellation);
    }

    /// <summary>
    /// Reads the answer to a batch, in the order they were sent: null when it is committed, else what stands against it, and nothing of it
    /// is.
    /// </summary>
    public async Task<PostgresException?> ReadAnswerAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource patience = Patience(cancellation);
        try
        {
            PostgresException? refused = await answers.ReadAsync(patience.Token).ConfigureAwait(false);
            Interlocked.Decrement(ref awaited);
            return refused;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Silent();
        }
    }

    private void InsertOne() => messages.Execute(Insert, rows.OnlyRow, PostgresEntryRows.Types.Count, last: unseen.Count == 0);

    private void CopyAll()
    {
        rows.End();
        messages.Execute(Copy);
        messages.CopyData(rows.Written);
        messages.CopyDone();
        if (unseen.Count > 0) AskWhetherAllFollow();
        if (asksForKeys) AskWhetherKeysAreFree();
    }

    private void AskWhetherAllFollow() => messages.Execute(
        Follow,
        unseen,
        (TypeText, static (m, entry) => m.Value(entry.PersonId)),
        (TypeInt32, static (m, entry) => m.Value(entry.Sequence)),
        (TypeBytes, static (m, entry) => m.Value(entry.PreviousHash)));

    private void AskWhetherKeysAreFree() => messages.Execute(
        KeysFree,
        taken,
        (TypeUuid, static (m, entry) => m.Value(entry.RequestKey)),
        (TypeUuid, static (m, entry) =>
        {
            if (entry.ChargeKey is { } charge) m.Value(charge);
            else m.Null();
        }),
        (TypeInt16, static (m, entry) =>
        {
            if (entry.ChargeKey is null) m.Null();
            else m.Value((short)entry.ChargeGeneration);
        }),
        (TypeText, static (m, entry) => m.Value(entry.PersonId)),
        (TypeInt32, static (m, entry) =>
        {
            if (entry.Reverses is { } reversed) m.Value(reversed);
            else m.Null();
        }));

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (messages.Written.Length == 0) return;
        using CancellationTokenSource patience = Patience(cancellation);
        try
        {
            await stream.WriteAsync(messages.Written, patience.Token).ConfigureAwait(false);
            messages.Clear();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Silent();
        }
    }

    private CancellationTokenSource Patience(CancellationToken cancellation)
    {
        CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(limit);
        return patience;
    }

    private TimeoutException Silent() => new($"PostgreSQL was silent for {limit.TotalSeconds:0} s.");
}
