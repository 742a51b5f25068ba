using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Settlement.Ledger.Writing;

/// <summary>
/// One append and its waiter, reused. The continuation never runs on the writer's loop: it is posted to the waiter's own scheduler or
/// to the thread pool. A group is one object for each of its entries; the first is queued and has the waiter.
/// </summary>
internal sealed class PendingAppend(ConcurrentQueue<PendingAppend>? home) : IValueTaskSource<AppendOutcome>
{
    private ManualResetValueTaskSourceCore<AppendOutcome> source = new() { RunContinuationsAsynchronously = true };

    public LedgerEntry Entry { get; private set; } = null!;

    public PersonLane Lane { get; private set; } = null!;

    /// <summary>The trace of whoever waits, if it is recorded.</summary>
    public ActivityContext Trace { get; private set; }

    /// <summary>All appends of the group, this one among them; null for an entry that stands alone.</summary>
    public PendingAppend[]? Group { get; private set; }

    /// <summary>Sequence of the first entry of the group, or of the entry that stands alone.</summary>
    public int FirstSequence => Group is null ? Entry.Sequence : Group[0].Entry.Sequence;

    /// <summary>About how many bytes go to the database with this append.</summary>
    public int Size => Group is null ? Entry.ApproximateSize : Group.Sum(static member => member.Entry.ApproximateSize);

    /// <summary>Place in the batch as it was drained, which breaks ties when the batch is sorted.</summary>
    public int Order { get; set; }

    public AppendOutcome Outcome { get; set; }

    public ValueTask<AppendOutcome> Start(PersonLane lane, LedgerEntry entry)
    {
        Lane = lane;
        Entry = entry;
        Trace = LedgerTraces.Current;
        Outcome = default;
        return new ValueTask<AppendOutcome>(this, source.Version);
    }

    /// <summary>Makes one append of a group: nothing of it is pooled, groups are rare.</summary>
    public static (PendingAppend First, ValueTask<AppendOutcome> Answer) StartGroup(PersonLane lane, LedgerGroup group)
    {
        ActivityContext trace = LedgerTraces.Current;
        PendingAppend[] members = new PendingAppend[group.Entries.Count];
        for (int i = 0; i < members.Length; i++)
            members[i] = new PendingAppend(null)
            {
                Lane = lane,
                Entry = group.Entries[i],
                Group = members,
                Trace = i == 0 ? trace : default,
            };
        return (members[0], new ValueTask<AppendOutcome>(members[0], members[0].source.Version));
    }

    /// <summary>Answers the waiter. A group's waiter is told the position of its last entry; its other appends have no waiter.</summary>
    public void Complete()
    {
        if (Group is null) source.SetResult(Outcome);
        else if (Group[0] == this) source.SetResult(Group[^1].Outcome);
    }

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
        Group = null;
        home?.Enqueue(this);
    }
}
