namespace Settlement.Torture.Checking;

/// <summary>What a run is held to.</summary>
internal enum Invariant
{
    /// <summary>What was acknowledged is in the ledger.</summary>
    Kept,

    /// <summary>A request has one effect at most, a charge stands settled once at most.</summary>
    Once,

    /// <summary>The ledger holds the answer that was given, byte for byte, and gives it again.</summary>
    SameAnswer,

    /// <summary>
    /// What was refused is not there, what was accepted is not refused, and other content under an accepted id is refused as that.
    /// </summary>
    Refused,

    /// <summary>The ledger holds only what somebody asked for, with that content.</summary>
    Asked,

    /// <summary>What was known before something else was asked has the smaller number, for each person.</summary>
    Order,

    /// <summary>Reads show states that were, and through one silo they never go back.</summary>
    Reads,

    /// <summary>A person's entries are numbered without gap and without a second writer.</summary>
    Sequence,

    /// <summary>Each entry carries the hash of its content and of the one before.</summary>
    Chain,

    /// <summary>No counter stands above its cap.</summary>
    Cap,

    /// <summary>Every figure, account and answer is that of a serial run of the rules.</summary>
    Replay,

    /// <summary>No process ends by itself, and no request fails in a way nobody foresaw.</summary>
    NoDefect,

    /// <summary>When the faults have ended, everything works again.</summary>
    Liveness,
}

/// <summary>An invariant that does not hold.</summary>
/// <param name="Invariant">Which.</param>
/// <param name="Detail">How it shows. Persons of a run are numbers: nothing to mask.</param>
/// <param name="At">When what made it was asked for, microseconds of the run.</param>
internal sealed record Violation(Invariant Invariant, string Detail, long At)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant}: {Detail}";
}
