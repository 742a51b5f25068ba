using Settlement.Ledger.Writing;

namespace Settlement.Ledger;

/// <summary>
/// Entries on their way to the database in one transaction, each with its own outcome. A failed entry breaks its lane: the entries of
/// that lane behind it are abandoned here, in one place, whatever the database.
/// </summary>
public sealed class LedgerBatch
{
    /// <summary>Most entries in one batch.</summary>
    public const int MaxEntries = 16_384;

    private static readonly Comparison<PendingAppend> ByPersonAndSequence = static (left, right) =>
    {
        int order = string.CompareOrdinal(left.Entry.PersonId, right.Entry.PersonId);
        if (order == 0) order = left.Entry.Sequence.CompareTo(right.Entry.Sequence);
        return order != 0 ? order : left.Order.CompareTo(right.Order);
    };

    private readonly List<PendingAppend> pending = [];

    /// <summary>How many entries the batch holds, decided ones included.</summary>
    public int Count => pending.Count;

    /// <summary>How many entries have no outcome yet.</summary>
    public int UndecidedCount { get; private set; }

    /// <summary>The entry at an index.</summary>
    public LedgerEntry this[int index] => pending[index].Entry;

    /// <summary>The lane of the entry at an index.</summary>
    public PersonLane LaneOf(int index) => pending[index].Lane;

    /// <summary>The outcome so far; its status is None while undecided.</summary>
    public AppendOutcome OutcomeOf(int index) => pending[index].Outcome;

    /// <summary>True once the entry has its outcome.</summary>
    public bool IsDecided(int index) => pending[index].Outcome.Status != AppendStatus.None;

    /// <summary>
    /// Gives an entry its outcome. Call it only for what is certain: the entry is committed, or what stands against it is; and for the
    /// entries of a lane in their order. Anything but Appended breaks the lane and abandons the lane's later entries.
    /// </summary>
    public void Decide(int index, AppendStatus status, long position = 0)
    {
        PendingAppend append = pending[index];
        if (append.Outcome.Status != AppendStatus.None)
            throw new InvalidOperationException($"Entry {index} of the batch is decided already: {append.Outcome.Status}.");
        append.Outcome = new AppendOutcome(status, position);
        UndecidedCount--;
        if (status == AppendStatus.Appended) return;
        append.Lane.Break();
        AbandonBrokenLanes();
    }

    /// <summary>Abandons every undecided entry whose lane is broken.</summary>
    internal void AbandonBrokenLanes()
    {
        foreach (PendingAppend append in pending)
        {
            if (append.Outcome.Status != AppendStatus.None || !append.Lane.IsBroken) continue;
            append.Outcome = new AppendOutcome(AppendStatus.Abandoned, 0);
            UndecidedCount--;
        }
    }

    /// <summary>Answers every undecided entry Unavailable: each may or may not be durable.</summary>
    internal void DecideAllUnavailable()
    {
        foreach (PendingAppend append in pending)
        {
            if (append.Outcome.Status != AppendStatus.None) continue;
            append.Outcome = new AppendOutcome(AppendStatus.Unavailable, 0);
            append.Lane.Break();
        }
        UndecidedCount = 0;
    }

    /// <summary>
    /// Orders by (person, sequence). The order within a lane stays, and writers that race for the same persons meet them in the same
    /// order, so that they wait for one another instead of deadlocking.
    /// </summary>
    internal void Sort() => pending.Sort(ByPersonAndSequence);

    internal void Add(PendingAppend append)
    {
        append.Order = pending.Count;
        pending.Add(append);
        UndecidedCount++;
    }

    /// <summary>Answers every waiter and empties the batch. Whoever waits may reuse its memory from here on.</summary>
    internal void Complete()
    {
        foreach (PendingAppend append in pending) append.Complete();
        pending.Clear();
        UndecidedCount = 0;
    }
}
