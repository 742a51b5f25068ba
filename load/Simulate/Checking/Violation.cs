namespace Settlement.Simulate;

/// <summary>What the checker holds the product to.</summary>
internal enum Invariant
{
    /// <summary>A person's entries are numbered without gap and without a second writer.</summary>
    Fence,

    /// <summary>Each entry carries the hash of its content and of the one before.</summary>
    Chain,

    /// <summary>A request has one effect at most.</summary>
    RequestOnce,

    /// <summary>A charge stands settled once at most.</summary>
    ChargeOnce,

    /// <summary>An entry is reversed once at most, and only by one that follows it.</summary>
    ReversedOnce,

    /// <summary>The ledger holds only what somebody asked for, with that content.</summary>
    Asked,

    /// <summary>Every figure and the account after are those of a serial run of the rules.</summary>
    SerialReplay,

    /// <summary>No counter stands above its cap, at any entry.</summary>
    Cap,

    /// <summary>The counters are the sums of what stands.</summary>
    Fold,

    /// <summary>The entries of a correction are in the ledger all or none, with nothing between them.</summary>
    Whole,

    /// <summary>
    /// A correction takes back what stood from the wrong settlement on, and settles it again as a serial run of the rules would.
    /// </summary>
    Corrected,

    /// <summary>Assistance claimed later stands at most once on a settlement that stands.</summary>
    AssistedOnce,

    /// <summary>No answer leaves before its entry is durable.</summary>
    Durable,

    /// <summary>A request gets the same answer, byte for byte, whenever it is asked.</summary>
    SameAnswer,

    /// <summary>
    /// What was accepted is not refused later; what is refused is refused for a state that the person was in since it was asked.
    /// </summary>
    Refusal,

    /// <summary>Reads show a state that was, and nothing else.</summary>
    Read,

    /// <summary>Nothing that was answered is missing at the end.</summary>
    Kept,

    /// <summary>The grain answers or refuses; it does not throw.</summary>
    NoDefect,

    /// <summary>When the faults end, everything ends well, in bounded time.</summary>
    Liveness,
}

/// <summary>An invariant that does not hold, and how it shows. Persons of the simulation are numbers: nothing to mask.</summary>
internal sealed record Violation(Invariant Invariant, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant}: {Detail}";
}
