using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>
/// A <see cref="MemoryLedger"/> as a store. Every read and commit goes through <see cref="Ask{T}"/>, which here answers at once; the
/// simulated store puts time and faults in between.
/// </summary>
internal class MemoryLedgerStore(MemoryLedger ledger) : ILedgerStore
{
    /// <inheritdoc/>
    public string Description => "memory";

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public virtual int DefaultWriterCount => 1;

    /// <summary>The database.</summary>
    protected MemoryLedger Ledger => ledger;

    /// <inheritdoc/>
    public Task InitialiseAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task CheckHealthAsync(CancellationToken cancellation = default) => Ask(static () => true);

    /// <inheritdoc/>
    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) =>
        Ask(() => ledger.Newest(personId));

    /// <inheritdoc/>
    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        Ask(() => ledger.At(personId, sequence));

    /// <inheritdoc/>
    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        Ask(() => ledger.ByRequest(requestKey));

    /// <inheritdoc/>
    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        Ask(() => ledger.NewestByCharge(chargeKey));

    /// <inheritdoc/>
    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        Ask(() => ledger.ReversalOf(personId, sequence));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default)
    {
        StoreArguments.CheckLimit(limit);
        return Ask(() => ledger.From(personId, fromSequence, limit));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default)
    {
        StoreArguments.CheckLimit(limit);
        return Ask(() => ledger.Before(personId, beforeSequence, limit));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LedgerEntry> ScanAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (LedgerEntry entry in await Ask(ledger.All))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(long afterPosition, int limit, CancellationToken cancellation = default)
    {
        StoreArguments.CheckLimit(limit);
        return Ask(() => ledger.Behind(afterPosition, limit));
    }

    /// <inheritdoc/>
    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        Ask(() => ledger.Recorded(from, until));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default)
    {
        StoreArguments.CheckLimit(limit);
        return Ask(() => ledger.Settled(span, origins, afterPosition, limit));
    }

    /// <inheritdoc/>
    public async Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default)
    {
        StoreArguments.CheckPack(packKey, sha256, name, archive);
        LedgerPack kept = await Ask(() => ledger.Keep(new LedgerPack(packKey, sha256, name, archive)));
        if (!kept.Sha256.Span.SequenceEqual(sha256)) throw StoreArguments.PackTaken(packKey, name, kept.Name);
    }

    /// <inheritdoc/>
    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) => Ask(() => ledger.Pack(packKey));

    /// <inheritdoc/>
    public virtual ILedgerAppender OpenAppender() => new MemoryAppender(ledger);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Asks the database something.</summary>
    protected virtual Task<T> Ask<T>(Func<T> question) => Task.FromResult(question());

    private sealed class MemoryAppender(MemoryLedger ledger) : ILedgerAppender
    {
        public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
        {
            Transaction transaction = Transaction.Of(batch);
            transaction.Commit(ledger);
            transaction.Decide(batch);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
