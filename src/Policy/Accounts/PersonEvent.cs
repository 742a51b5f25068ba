using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>What an entry of the ledger records of a person: decoded by audit and replay.</summary>
public abstract record PersonEvent;

/// <summary>Facts were registered under the rules of a region.</summary>
public sealed record FactsRecorded(int Region, ImmutableArray<Fact> Facts) : PersonEvent
{
    /// <summary>Equal facts in equal order.</summary>
    public bool Equals(FactsRecorded? other) =>
        other is not null && Region == other.Region && Facts.AsSpan().SequenceEqual(other.Facts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Region, Facts.Length);
}

/// <summary>A claim was settled.</summary>
public sealed record ClaimSettled(Claim Claim) : PersonEvent;

/// <summary>The settlement at a ledger sequence was reversed by a facility (its code) or <see cref="Reversals.Agency"/>.</summary>
public sealed record SettlementReversed(long Sequence, string By) : PersonEvent;

/// <summary>Assistance was claimed by hand for the settlement at a ledger sequence.</summary>
public sealed record AssistanceLater(long Sequence) : PersonEvent;

/// <summary>The grant of a person impoverished by illness was decided; burdens of the window in fen. Both amounts may be zero.</summary>
public sealed record GrantPaid(GrantFact Grant, long BurdenBasic, long BurdenTilt) : PersonEvent;

/// <summary>
/// A correction was done: the reversals and settlements from the sequence <paramref name="First"/> up to this entry belong to it. It moves
/// nothing itself.
/// </summary>
/// <param name="Wrong">Sequence of the settlement that was wrong.</param>
/// <param name="First">Sequence of the first entry of the correction.</param>
/// <param name="Replacement">The claim as it should have been sent, or null when the settlement was taken back without replacement.</param>
/// <param name="Reason">Why, in the agency's words.</param>
public sealed record SettlementsCorrected(long Wrong, long First, Claim? Replacement, string Reason) : PersonEvent;

/// <summary>A request that had made no entry was voided: it makes none any more. It moves nothing.</summary>
public sealed record RequestVoided : PersonEvent;
