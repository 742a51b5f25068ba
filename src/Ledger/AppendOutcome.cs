namespace Settlement.Ledger;

/// <summary>What became of an append.</summary>
public enum AppendStatus : byte
{
    /// <summary>No answer yet; never given to a caller.</summary>
    None = 0,

    /// <summary>The entry is durable.</summary>
    Appended,

    /// <summary>
    /// Not written: the ledger holds another entry under this (person, sequence), or does not hold the entry that this one says it
    /// follows. Somebody else wrote for the person: reload and decide again.
    /// </summary>
    Fenced,

    /// <summary>Not written: an entry with this request key is there already.</summary>
    DuplicateRequest,

    /// <summary>Not written: the charge is settled already in this generation.</summary>
    DuplicateCharge,

    /// <summary>Not written: the entry to be reversed has been reversed already.</summary>
    AlreadyReversed,

    /// <summary>Never written: an earlier entry of this lane failed.</summary>
    Abandoned,

    /// <summary>Never written and the lane stands where it stood: the queue is full. Repeat later.</summary>
    Busy,

    /// <summary>
    /// Never written: the store takes nothing now, because it has been out of reach for a while or its schema is not this program's.
    /// Repeat later.
    /// </summary>
    NotAccepted,

    /// <summary>The writer is stopping and the store did not answer. Whether the entry is durable is unknown: ask by request key.</summary>
    Unavailable,

    /// <summary>Not written: the database refuses the entry itself. This is a defect of the program, and it was logged.</summary>
    Refused,

    /// <summary>
    /// Not written: the request or the charge was accepted, or the entry to be reversed was written, in a period that is detached now.
    /// </summary>
    Archived,
}

/// <summary>The outcome of one append.</summary>
/// <param name="Status">What became of it.</param>
public readonly record struct AppendOutcome(AppendStatus Status)
{
    /// <summary>True when the entry is durable.</summary>
    public bool IsAppended => Status == AppendStatus.Appended;
}
