namespace Settlement.Policy;

/// <summary>The premium of a resident for a year in fen: the whole, what the person pays, what is subsidised.</summary>
/// <param name="Total">Whole premium.</param>
/// <param name="Person">Paid by the person.</param>
/// <param name="Subsidy">Paid for the person.</param>
/// <param name="SeriousIllnessPremium">What the pooled fund passes on to serious-illness insurance for each person, 0 when
/// unpublished.</param>
public readonly record struct ContributionRate(long Total, long Person, long Subsidy, long SeriousIllnessPremium);

/// <summary>A premium, or the refusal.</summary>
public readonly record struct ContributionOutcome(ContributionRate Rate, Refusal? Refusal);

/// <summary>
/// What a resident pays for a year (4.9): by insured category, less for groups whose premium is subsidised in part or in full.
/// </summary>
internal static class ContributionRates
{
    public static ContributionOutcome Of(Pack pack, Scheme scheme, RuleSet rules, InsuredCategory category, GroupSet groups, DateOnly day)
    {
        var total = rules[Parameter.ContributionTotal, (int)category];
        if (total == RuleSet.Unpublished)
            return new(default, Refusals.Unpublished(pack, scheme, Parameter.ContributionTotal, (int)category, day));

        var cell = ((int)category * Subsidies) + (int)SubsidyOf(rules, groups);
        var person = rules[Parameter.ContributionPerson, cell];
        if (person == RuleSet.Unpublished)
            return new(default, Refusals.Unpublished(pack, scheme, Parameter.ContributionPerson, cell, day));

        var premium = Math.Max(0, rules[Parameter.SeriousIllnessPremium]);
        return new(new ContributionRate(total, person, total - person, premium), null);
    }

    private const int Subsidies = (int)PremiumSubsidy.Full + 1;

    /// <summary>In full before in part.</summary>
    private static PremiumSubsidy SubsidyOf(RuleSet rules, GroupSet groups)
    {
        if (groups.Overlaps(rules.Groups(Parameter.ContributionFreeGroups)))
            return PremiumSubsidy.Full;

        return groups.Overlaps(rules.Groups(Parameter.ContributionReducedGroups)) ? PremiumSubsidy.Reduced : PremiumSubsidy.None;
    }
}
