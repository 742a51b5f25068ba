using System.Runtime.CompilerServices;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Tests.Support;

/// <summary>
/// A ledger in which many persons have the same few entries, made up while it is read: it holds nothing itself. It can be scanned only.
/// </summary>
internal sealed class RepeatedLedger(IReadOnlyList<LedgerEntry> entries, Pack pack, int persons) : ILedgerStore
{
    public string Description => $"{persons} persons";

    public bool IsShared => false;

    public int DefaultWriterCount => throw Scanned();

    public async IAsyncEnumerable<LedgerEntry> ScanAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int person = 0; person < persons; person++)
        {
            foreach (LedgerEntry entry in entries) yield return Of($"P{person}", entry);
            cancellation.ThrowIfCancellationRequested();
        }

        await Task.CompletedTask;
    }

    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) =>
        Task.FromResult<LedgerPack?>(new LedgerPack(pack.PackKey, pack.Hash.ToArray(), pack.Name, pack.Archive.ToArray()));

    public Task InitialiseAsync(CancellationToken cancellation = default) => throw Scanned();

    public Task CheckHealthAsync(CancellationToken cancellation = default) => throw Scanned();

    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) => throw Scanned();

    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) => throw Scanned();

    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) => throw Scanned();

    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) => throw Scanned();

    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        throw Scanned();

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default) =>
        throw Scanned();

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default) => throw Scanned();

    public Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(
        long afterPosition, int limit, CancellationToken cancellation = default) => throw Scanned();

    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        throw Scanned();

    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default) =>
            throw Scanned();

    public Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default) =>
        throw Scanned();

    public ILedgerAppender OpenAppender() => throw Scanned();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Scanned() => new("this ledger can be scanned only");

    private static LedgerEntry Of(string person, LedgerEntry entry) => new()
    {
        PersonId = person,
        Sequence = entry.Sequence,
        Kind = entry.Kind,
        Origin = entry.Origin,
        RequestId = entry.RequestId,
        RequestKey = entry.RequestKey,
        BenefitYear = entry.BenefitYear,
        EffectiveDate = entry.EffectiveDate,
        VisitType = entry.VisitType,
        Region = entry.Region,
        PackKey = entry.PackKey,
        Total = entry.Total,
        Pooled = entry.Pooled,
        SeriousIllness = entry.SeriousIllness,
        PersonPays = entry.PersonPays,
        Event = entry.Event.ToArray(),
        Answer = entry.Answer.ToArray(),
        AccountAfter = entry.AccountAfter.ToArray(),
        RecordedAt = entry.RecordedAt,
        PreviousHash = entry.PreviousHash,
    };
}
