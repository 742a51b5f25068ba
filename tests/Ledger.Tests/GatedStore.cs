using System.Threading.Channels;
using Settlement.Ledger.Writing;

namespace Settlement.Ledger.Tests;

/// <summary>What the gate does with a batch that arrives at it.</summary>
internal enum Passage
{
    /// <summary>The batch is written.</summary>
    Write,

    /// <summary>The batch is written and durable, but the answer is lost on the way.</summary>
    WriteAndLoseTheAnswer,

    /// <summary>The batch never reaches the database.</summary>
    LoseTheBatch,

    /// <summary>Something that nobody foresaw.</summary>
    Fail,
}

/// <summary>
/// A store whose appenders stop before each batch until the test says what becomes of it. While a batch waits at the gate, whatever is
/// appended gathers in the queue, so that a test knows what stands in the next batch.
/// </summary>
internal class GatedStore(ILedgerStore inner) : ILedgerStore
{
    private readonly Channel<LedgerBatch> arrived = Channel.CreateUnbounded<LedgerBatch>();
    private readonly Channel<Passage> passages = Channel.CreateUnbounded<Passage>();
    private Task<AppendOutcome> held = Task.FromResult(default(AppendOutcome));

    public string Description => inner.Description;

    public bool IsShared => inner.IsShared;

    public int DefaultWriterCount => 1;

    /// <summary>Waits until a batch stands at the gate and returns its entries.</summary>
    public async Task<LedgerEntry[]> WaitForBatchAsync()
    {
        LedgerBatch batch = await arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return [.. Enumerable.Range(0, batch.Count).Select(i => batch[i])];
    }

    /// <summary>Lets the batch at the gate pass, in one way or the other.</summary>
    public void Let(Passage passage) => passages.Writer.TryWrite(passage);

    /// <summary>
    /// Occupies the writer with an entry that is never written, so that all that is appended from now on gathers behind it.
    /// </summary>
    public async Task HoldAsync(LedgerWriter writer)
    {
        LedgerEntry plug = new PersonHistory("plug").Settle("plug");
        held = writer.AppendAsync(writer.OpenLane(plug.PersonId), plug).AsTask();
        await WaitForBatchAsync();
    }

    /// <summary>Ends <see cref="HoldAsync"/>; returns the batch that now stands at the gate.</summary>
    public async Task<LedgerEntry[]> GatherAsync()
    {
        Let(Passage.Fail);
        Assert.Equal(AppendStatus.Unavailable, (await held).Status);
        return await WaitForBatchAsync();
    }

    public virtual ILedgerAppender OpenAppender() => new GatedAppender(this, inner.OpenAppender());

    public Task InitialiseAsync(CancellationToken cancellation = default) => inner.InitialiseAsync(cancellation);

    public Task CheckHealthAsync(CancellationToken cancellation = default) => inner.CheckHealthAsync(cancellation);

    public Task<LedgerEntry?> ReadNewestAsync(string personId, CancellationToken cancellation = default) =>
        inner.ReadNewestAsync(personId, cancellation);

    public Task<LedgerEntry?> ReadAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        inner.ReadAsync(personId, sequence, cancellation);

    public Task<LedgerEntry?> ReadByRequestAsync(LedgerKey requestKey, CancellationToken cancellation = default) =>
        inner.ReadByRequestAsync(requestKey, cancellation);

    public Task<LedgerEntry?> ReadNewestByChargeAsync(LedgerKey chargeKey, CancellationToken cancellation = default) =>
        inner.ReadNewestByChargeAsync(chargeKey, cancellation);

    public Task<LedgerEntry?> ReadReversalOfAsync(string personId, int sequence, CancellationToken cancellation = default) =>
        inner.ReadReversalOfAsync(personId, sequence, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonAsync(
        string personId, int fromSequence, int limit, CancellationToken cancellation = default) =>
        inner.ReadPersonAsync(personId, fromSequence, limit, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadPersonNewestFirstAsync(
        string personId, int? beforeSequence, int limit, CancellationToken cancellation = default) =>
        inner.ReadPersonNewestFirstAsync(personId, beforeSequence, limit, cancellation);

    public IAsyncEnumerable<LedgerEntry> ScanAsync(CancellationToken cancellation = default) => inner.ScanAsync(cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadFromPositionAsync(
        long afterPosition, int limit, CancellationToken cancellation = default) =>
        inner.ReadFromPositionAsync(afterPosition, limit, cancellation);

    public Task<RecordedSpan?> FindRecordedAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellation = default) =>
        inner.FindRecordedAsync(from, until, cancellation);

    public Task<IReadOnlyList<LedgerEntry>> ReadSettledAsync(
        RecordedSpan span, IReadOnlyCollection<string> origins, long afterPosition, int limit, CancellationToken cancellation = default) =>
        inner.ReadSettledAsync(span, origins, afterPosition, limit, cancellation);

    public Task RegisterPackAsync(long packKey, byte[] sha256, string name, byte[] archive, CancellationToken cancellation = default) =>
        inner.RegisterPackAsync(packKey, sha256, name, archive, cancellation);

    public Task<LedgerPack?> ReadPackAsync(long packKey, CancellationToken cancellation = default) =>
        inner.ReadPackAsync(packKey, cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class GatedAppender(GatedStore gate, ILedgerAppender inner) : ILedgerAppender
    {
        public async Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
        {
            await gate.arrived.Writer.WriteAsync(batch, cancellation);
            switch (await gate.passages.Reader.ReadAsync(cancellation))
            {
                case Passage.Write:
                    await inner.AppendBatchAsync(batch, cancellation);
                    return;
                case Passage.WriteAndLoseTheAnswer:
                    await inner.AppendBatchAsync(CopyOf(batch), cancellation);
                    throw new LedgerUnavailableException("The answer was lost.");
                case Passage.LoseTheBatch:
                    throw new LedgerUnavailableException("The batch was lost.");
                default:
                    throw new InvalidOperationException("Nobody foresaw this.");
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        /// <summary>The undecided entries on lanes of their own: what happens to the copy the writer does not see.</summary>
        private static LedgerBatch CopyOf(LedgerBatch batch)
        {
            LedgerBatch copy = new();
            Dictionary<PersonLane, PersonLane> lanes = [];
            int length;
            for (int i = 0; i < batch.Count; i += length)
            {
                length = batch.UnitLength(i);
                if (batch.IsDecided(i)) continue;
                if (!lanes.TryGetValue(batch.LaneOf(i), out PersonLane? lane))
                    lanes[batch.LaneOf(i)] = lane = new PersonLane(batch[i].PersonId, 0);
                PendingAppend append = new(null);
                if (length == 1) _ = append.Start(lane, batch[i]).AsTask();
                else append = PendingAppend.StartGroup(lane, LedgerGroup.Of(Enumerable.Range(i, length).Select(member => batch[member])))
                    .First;
                copy.Add(append);
            }
            return copy;
        }
    }
}
