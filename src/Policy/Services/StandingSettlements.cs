using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// Which settlements of a person stand, and what all funds paid of each: what a grant counts. Fed with the person's entries in order; a
/// settlement comes, assistance claimed later joins its settlement, a reversal takes either away.
/// </summary>
public sealed class StandingSettlements
{
    private readonly SortedDictionary<long, GrantSettlement> standing = [];
    private readonly Dictionary<long, (long Settlement, long Paid)> later = [];

    /// <summary>Takes the next entry.</summary>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="happened">What it records.</param>
    /// <param name="amounts">Of a settlement: its amounts. Of assistance claimed later: what the entry paid. Else not looked at.</param>
    public void Add(long sequence, PersonEvent happened, in Amounts amounts)
    {
        switch (happened)
        {
            case ClaimSettled settled:
                standing[sequence] = GrantSettlement.Of(settled.Claim, amounts);
                break;
            case AssistanceLater { Sequence: var settlement } when standing.TryGetValue(settlement, out var assisted):
                standing[settlement] = assisted with { Funds = assisted.Funds + amounts.Assistance };
                later[sequence] = (settlement, amounts.Assistance);
                break;
            case SettlementReversed { Sequence: var reversed } when later.Remove(reversed, out var taken):
                standing[taken.Settlement] = standing[taken.Settlement] with { Funds = standing[taken.Settlement].Funds - taken.Paid };
                break;
            case SettlementReversed { Sequence: var reversed }:
                standing.Remove(reversed);
                break;
        }
    }

    /// <summary>Those that stand, in the order they were settled.</summary>
    public ImmutableArray<GrantSettlement> ToImmutable() => [.. standing.Values];
}
