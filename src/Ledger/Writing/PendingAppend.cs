using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace Settlement.Ledger.Writing;

/// <summary>
/// One append and its waiter, reused. The continuation never runs on the writer's loop: it is posted to the waiter's own scheduler or
/// to the thread pool.
/// </summary>
internal sealed class PendingAppend(ConcurrentQueue<PendingAppend>? home) : IValueTaskSource<AppendOutcome>
{
    private ManualResetValueTaskSourceCore<AppendOutcome> source = new() { RunContinuationsAsynchronously = true };

    public LedgerEntry Entry { get; private set; } = null!;

    public PersonLane Lane { get; private set; } = null!;

    /// <summary>Place in the batch as it was drained, which breaks ties when the batch is sorted.</summary>
    public int Order { get; set; }

    public AppendOutcome Outcome { get; set; }

    public ValueTask<AppendOutcome> Start(PersonLane lane, LedgerEntry entry)
    {
        Lane = lane;
        Entry = entry;
        Outcome = default;
        return new ValueTask<AppendOutcome>(this, source.Version);
    }

    public void Complete() => source.SetResult(Outcome);

    public AppendOutcome GetResult(short token)
    {
        AppendOutcome outcome = source.GetResult(token);
        Recycle();
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    /// <summary>Gives the object back when it was never queued.</summary>
    public void Recycle()
    {
        source.Reset();
        Entry = null!;
        Lane = null!;
        home?.Enqueue(this);
    }
}
