using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Torture.Tests;

/// <summary>
/// A ledger that holds what a test puts into it, right or wrong, and can be read from end to end. Nothing else is asked of it.
/// </summary>
internal sealed class ListedLedger(IEnumerable<LedgerEntry> entries, Pack pack) : ILedgerStore
{
    public string Description => "listed";

    public int DefaultWriterCount => 1;

    public async IAsyncEnumerable<LedgerEntry> ScanAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (LedgerEntry entry in entries.OrderBy(static entry => entry.PersonId, StringComparer.Ordinal)
            .ThenBy(static entry => entry.Sequence))
        {
            await Task.CompletedTask;
            yield return entry;
        }
    }

    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) =>
        Task.FromResult<LedgerPack?>(packKey == pack.PackKey
            ? new LedgerPack(packKey, pack.Hash.ToArray(), pack.Name, pack.Archive.ToArray())
            : null);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public bool IsShared => false;

    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task InitialiseAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task CheckHealthAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(
        long afterPosition, int limit, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public ILedgerAppender OpenAppender() => throw new NotSupportedException();
}
