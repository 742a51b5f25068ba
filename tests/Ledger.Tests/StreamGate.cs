using System.Threading.Channels;

namespace Settlement.Ledger.Tests;

/// <summary>What becomes of the answer to a streamed batch.</summary>
internal enum Answer
{
    /// <summary>It comes.</summary>
    Comes,

    /// <summary>It is lost on the way.</summary>
    IsLost,
}

/// <summary>
/// A store whose appenders stream even a single entry. The writer does not hear the answer to a batch until the test says so: until then
/// the batch is under way.
/// </summary>
internal sealed class StreamGate(ILedgerStore inner) : GatedStore(inner)
{
    private readonly ILedgerStore store = inner;
    private readonly Channel<LedgerEntry[]> sent = Channel.CreateUnbounded<LedgerEntry[]>();
    private readonly Channel<LedgerEntry[]> answered = Channel.CreateUnbounded<LedgerEntry[]>();
    private readonly Channel<Answer> answers = Channel.CreateUnbounded<Answer>();
    private int single;

    /// <summary>How many batches were written by themselves, because a stream did not do.</summary>
    public int WrittenByThemselves => Volatile.Read(ref single);

    public override ILedgerAppender OpenAppender() => new Gate(this, (IStreamingAppender)store.OpenAppender());

    /// <summary>Waits until a batch is sent, and tells its entries.</summary>
    public Task<LedgerEntry[]> SentAsync() => sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Waits until the database has answered a batch, of which the writer does not hear yet.</summary>
    public Task<LedgerEntry[]> AnsweredAsync() => answered.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Lets the writer hear of that, or not.</summary>
    public void Let(Answer answer) => answers.Writer.TryWrite(answer);

    private sealed class Gate(StreamGate gate, IStreamingAppender inner) : IStreamingAppender
    {
        public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
        {
            Interlocked.Increment(ref gate.single);
            return inner.AppendBatchAsync(batch, cancellation);
        }

        public async ValueTask SendAsync(LedgerBatch batch, CancellationToken cancellation)
        {
            await inner.SendAsync(batch, cancellation);
            gate.sent.Writer.TryWrite(EntriesOf(batch));
        }

        public async Task<bool> IsDurableAsync(LedgerBatch batch, CancellationToken cancellation)
        {
            bool durable = await inner.IsDurableAsync(batch, cancellation);
            gate.answered.Writer.TryWrite(EntriesOf(batch));
            return await gate.answers.Reader.ReadAsync(cancellation) == Answer.Comes
                ? durable
                : throw new IOException("The answer was lost.");
        }

        public ValueTask GiveUpAsync() => inner.GiveUpAsync();

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private static LedgerEntry[] EntriesOf(LedgerBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(i => batch[i])];
    }
}
