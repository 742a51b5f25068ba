namespace Settlement.Cli.Auditing;

/// <summary>What an audit can find.</summary>
internal enum ViolationKind
{
    /// <summary>The content of an entry is not what its hash was taken of.</summary>
    Hash,

    /// <summary>An entry does not name the hash of the one before it.</summary>
    Chain,

    /// <summary>A person's entries are not 1, 2, 3 and so on.</summary>
    Sequence,

    /// <summary>The first entry, voids aside, is no registration, or a later one is.</summary>
    Registration,

    /// <summary>Total and payments do not add up, or an amount is negative.</summary>
    Identity,

    /// <summary>The request key does not belong to the request, or a request made two entries.</summary>
    Request,

    /// <summary>A charge is settled twice without a reversal between.</summary>
    Charge,

    /// <summary>What was answered differs from what was entered.</summary>
    Answer,

    /// <summary>A reversal that the rules do not allow, or that takes back other amounts.</summary>
    Reversal,

    /// <summary>A correction that is not whole.</summary>
    Correction,

    /// <summary>The pack that decided is not in the ledger, or cannot be read.</summary>
    Pack,

    /// <summary>What happened or the account cannot be read.</summary>
    Content,

    /// <summary>The rules of the time give another result.</summary>
    Recomputation,

    /// <summary>The account after an entry is not the recomputed one.</summary>
    Account,

    /// <summary>A yearly cap is exceeded.</summary>
    Cap,

    /// <summary>What was kept of a detached period is not what its record says.</summary>
    DetachedPeriod,
}

/// <summary>One finding.</summary>
/// <param name="Kind">What is broken.</param>
/// <param name="Person">The person, masked.</param>
/// <param name="Sequence">The entry.</param>
/// <param name="Detail">What was expected and what was found.</param>
internal sealed record Violation(ViolationKind Kind, string Person, int Sequence, string Detail);
