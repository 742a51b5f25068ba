namespace Settlement.Ledger;

/// <summary>What an entry records. The numbers are stored: never give one another meaning.</summary>
public enum LedgerEntryKind : short
{
    /// <summary>No kind; never stored.</summary>
    None = 0,

    /// <summary>A person becomes known to the ledger.</summary>
    Registration = 1,

    /// <summary>Registered facts change: contributions, assistance category, filing, certification.</summary>
    Facts = 2,

    /// <summary>A charge is settled.</summary>
    Settlement = 3,

    /// <summary>An earlier entry is taken back; its amounts are those of the entry it takes back, as positive numbers.</summary>
    Reversal = 4,

    /// <summary>Assistance is claimed by hand for an earlier settlement; the amounts are what this entry pays.</summary>
    AssistanceLater = 5,

    /// <summary>The grant for a person impoverished by illness is decided; the amounts are what it pays, possibly nothing.</summary>
    Grant = 6,

    /// <summary>
    /// Closes a correction: the reversals and settlements of its group stand right before it. It moves no counter and has no amounts.
    /// </summary>
    Correction = 7,

    /// <summary>
    /// A request that had made no entry is voided: its request key is taken, so that it makes none any more. It moves no counter and has no
    /// amounts, and may stand before the person's registration.
    /// </summary>
    Void = 8,
}
