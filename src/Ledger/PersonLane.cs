namespace Settlement.Ledger;

/// <summary>
/// The order in which one activation of a person appends. Entries of a lane are written in the order they were given; the first that
/// fails breaks the lane, and no later one is ever written. Open one with <see cref="LedgerWriter.OpenLane"/> for each activation and
/// drop it when it is broken or no longer needed.
/// </summary>
public sealed class PersonLane
{
    private volatile bool broken;

    internal PersonLane(string personId, int writer)
    {
        PersonId = personId;
        Writer = writer;
    }

    /// <summary>The person whose entries the lane carries.</summary>
    public string PersonId { get; }

    /// <summary>True once an entry of the lane failed: every further append is answered <see cref="AppendStatus.Abandoned"/>.</summary>
    public bool IsBroken => broken;

    /// <summary>Which writer serves the person.</summary>
    internal int Writer { get; }

    /// <summary>Keeps the check of an entry and its queueing together.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>
    /// Sequence of the newest entry that was queued, 0 when there is none. Guarded by <see cref="Gate"/>. The entry itself is not kept: an
    /// idle person would hold on to it.
    /// </summary>
    internal int NewestSequence { get; private set; }

    /// <summary>Hash of that entry.</summary>
    internal LedgerHash NewestHash { get; private set; }

    internal void Queued(LedgerEntry entry)
    {
        NewestSequence = entry.Sequence;
        NewestHash = entry.Hash;
    }

    /// <summary>
    /// The session with the database in which the lane's newest durable entry was written. Touched by the lane's writer alone.
    /// </summary>
    internal object? WrittenIn { get; set; }

    /// <summary>
    /// The batch that holds entries of the lane which are not known to be durable. No other batch takes any until they are. Touched by the
    /// lane's writer alone.
    /// </summary>
    internal LedgerBatch? Carrier { get; set; }

    internal void Break() => broken = true;
}
