namespace Settlement.Policy;

/// <summary>Whether a person is covered on a day, and by what interval (section 5).</summary>
internal static class Cover
{
    /// <summary>Interval of cover of a benefit year under a scheme, or null.</summary>
    public static CoverInterval? Of(PersonFacts facts, RuleSet rules, int year)
    {
        var first = BenefitYear.First(rules, year);
        var last = BenefitYear.Last(rules, year);
        switch ((CoverBasis)rules[Parameter.CoverageBasis])
        {
            case CoverBasis.Contributions:
                return ContributionCover.StartOf(facts, rules, year) is { } start ? new CoverInterval(start, last) : null;

            case CoverBasis.Intervals:
                foreach (var interval in facts.Coverage)
                    if (interval.From <= last && interval.To >= first)
                        return new CoverInterval(Later(interval.From, first), Sooner(interval.To, last));

                return null;

            default:
                foreach (var spell in facts.EmployeeSpells)
                    if (spell.From <= last && (spell.To is not { } to || to >= first))
                        return new CoverInterval(Later(spell.From, first), Sooner(spell.To ?? last, last));

                return null;
        }
    }

    /// <summary>
    /// The interval that covers a day, or null. A resident is never covered during a spell in the employee scheme: nobody is covered twice.
    /// </summary>
    public static CoverInterval? On(PersonFacts facts, RuleSet rules, Scheme scheme, DateOnly day)
    {
        if (scheme == Scheme.Resident && InEmployeeSpell(facts, day) is not null)
            return null;

        switch ((CoverBasis)rules[Parameter.CoverageBasis])
        {
            case CoverBasis.Contributions:
                return Of(facts, rules, BenefitYear.Of(rules, day)) is { } cover && cover.From <= day && day <= cover.To ? cover : null;

            case CoverBasis.Intervals:
                foreach (var interval in facts.Coverage)
                    if (interval.From <= day && day <= interval.To)
                        return new CoverInterval(interval.From, interval.To);

                return null;

            default:
                return InEmployeeSpell(facts, day);
        }
    }

    private static CoverInterval? InEmployeeSpell(PersonFacts facts, DateOnly day)
    {
        foreach (var spell in facts.EmployeeSpells)
            if (spell.From <= day && (spell.To is not { } to || day <= to))
                return new CoverInterval(spell.From, spell.To ?? DateOnly.MaxValue);

        return null;
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;

    private static DateOnly Sooner(DateOnly a, DateOnly b) => a < b ? a : b;
}
