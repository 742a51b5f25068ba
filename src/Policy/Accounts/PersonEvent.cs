using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>What an entry of the ledger records of a person: decoded by audit and replay.</summary>
public abstract record PersonEvent;

/// <summary>Facts were registered under the rules of a region.</summary>
public sealed record FactsRecorded(int Region, ImmutableArray<Fact> Facts) : PersonEvent
{
    /// <summary>Equal facts in equal order.</summary>
    public bool Equals(FactsRecorded? other) => other is not null && Region == other.Region && Facts.AsSpan().SequenceEqual(other.Facts.AsSpan());

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
