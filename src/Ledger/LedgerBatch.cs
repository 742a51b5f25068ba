using System.Diagnostics;
using Settlement.Ledger.Writing;

namespace Settlement.Ledger;

/// <summary>
/// Entries on their way to the database in one transaction, each with its own outcome. A failed entry breaks its lane: the entries of
/// that lane behind it are abandoned here, in one place, whatever the database. A group's entries stand side by side and fall together.
/// </summary>
public sealed class LedgerBatch
{
    /// <summary>Most entries that a batch is filled up to; a group that comes last may lead beyond it.</summary>
    public const int MaxEntries = 16_384;

    private static readonly Comparison<PendingAppend> ByPersonAndSequence = static (left, right) =>
    {
        int order = string.CompareOrdinal(left.Entry.PersonId, right.Entry.PersonId);
        if (order == 0) order = left.FirstSequence.CompareTo(right.FirstSequence);
        return order != 0 ? order : left.Order.CompareTo(right.Order);
    };

    private readonly List<PendingAppend> pending = [];

    /// <summary>How many entries the batch holds, decided ones included.</summary>
    public int Count => pending.Count;

    /// <summary>How many entries have no outcome yet.</summary>
    public int UndecidedCount { get; private set; }

    /// <summary>About how many bytes go to the database with the batch.</summary>
    internal int Bytes { get; private set; }

    /// <summary>The entry at an index.</summary>
    public LedgerEntry this[int index] => pending[index].Entry;

    /// <summary>The lane of the entry at an index.</summary>
    public PersonLane LaneOf(int index) => pending[index].Lane;

    /// <summary>How many entries from an index on are written together or not at all: 1, or those of the group that begins there.</summary>
    public int UnitLength(int index)
    {
        PendingAppend[]? group = pending[index].Group;
        if (group is null) return 1;
        return group[0] == pending[index]
            ? group.Length
            : throw new InvalidOperationException($"Entry {index} of the batch is inside a group.");
    }

    /// <summary>The trace that the entry at an index belongs to, if it is recorded.</summary>
    internal ActivityContext TraceOf(int index) => pending[index].Trace;

    /// <summary>The outcome so far; its status is None while undecided.</summary>
    public AppendOutcome OutcomeOf(int index) => pending[index].Outcome;

    /// <summary>True once the entry has its outcome.</summary>
    public bool IsDecided(int index) => pending[index].Outcome.Status != AppendStatus.None;

    /// <summary>
    /// Gives an entry its outcome. Call it only for what is certain: the entry is committed, or what stands against it is; and for the
    /// entries of a lane in their order. Anything but Appended is the outcome of the entry's whole group, breaks the lane and abandons
    /// the lane's later entries.
    /// </summary>
    public void Decide(int index, AppendStatus status)
    {
        PendingAppend append = pending[index];
        if (append.Outcome.Status != AppendStatus.None)
            throw new InvalidOperationException($"Entry {index} of the batch is decided already: {append.Outcome.Status}.");
        if (status == AppendStatus.Appended || append.Group is null) SetOutcome(append, new AppendOutcome(status));
        else FailGroup(append.Group, status);
        if (status == AppendStatus.Appended) return;
        append.Lane.Break();
        AbandonBrokenLanes();
    }

    /// <summary>Abandons every undecided entry whose lane is broken.</summary>
    internal void AbandonBrokenLanes()
    {
        foreach (PendingAppend append in pending)
        {
            if (append.Outcome.Status == AppendStatus.None && append.Lane.IsBroken)
                SetOutcome(append, new AppendOutcome(AppendStatus.Abandoned));
        }
    }

    /// <summary>Gives every undecided entry the same outcome, one that is not Appended, and breaks its lane.</summary>
    internal void DecideAll(AppendStatus status)
    {
        foreach (PendingAppend append in pending)
        {
            if (append.Outcome.Status != AppendStatus.None) continue;
            append.Outcome = new AppendOutcome(status);
            append.Lane.Break();
        }
        UndecidedCount = 0;
    }

    /// <summary>
    /// Orders by (person, sequence), a group by its first entry. The order within a lane stays, and writers that race for the same persons
    /// meet them in the same order, so that they wait for one another instead of deadlocking.
    /// </summary>
    internal void Sort() => pending.Sort(ByPersonAndSequence);

    internal void Add(PendingAppend append)
    {
        Bytes += append.Size;
        if (append.Group is null) AddOne(append);
        else foreach (PendingAppend member in append.Group) AddOne(member);
    }

    /// <summary>Answers every waiter and empties the batch. Whoever waits may reuse its memory from here on.</summary>
    internal void Complete()
    {
        foreach (PendingAppend append in pending) append.Complete();
        pending.Clear();
        UndecidedCount = 0;
        Bytes = 0;
    }

    private void FailGroup(PendingAppend[] group, AppendStatus status)
    {
        if (Array.Exists(group, static member => member.Outcome.Status != AppendStatus.None))
            throw new InvalidOperationException($"A part of a group was decided before the group failed: {status}.");
        foreach (PendingAppend member in group) SetOutcome(member, new AppendOutcome(status));
    }

    private void SetOutcome(PendingAppend append, AppendOutcome outcome)
    {
        append.Outcome = outcome;
        UndecidedCount--;
    }

    private void AddOne(PendingAppend append)
    {
        append.Order = pending.Count;
        pending.Add(append);
        UndecidedCount++;
    }
}
