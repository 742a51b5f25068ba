namespace Settlement.Policy;

/// <summary>
/// Cover by contributions and the waiting-period rules (section 5, guide 医保待遇期). Where several rules fit, the earliest start holds.
/// One value works out one benefit year of one person.
/// </summary>
internal readonly ref struct ContributionCover
{
    private readonly PersonFacts facts;
    private readonly RuleSet rules;
    private readonly int year;
    private readonly DateOnly first;
    private readonly DateOnly last;
    private readonly DateOnly periodEnd;
    private readonly DateOnly lastEnrolment;
    private readonly int waiting;

    private ContributionCover(PersonFacts facts, RuleSet rules, int year)
    {
        this.facts = facts;
        this.rules = rules;
        this.year = year;
        first = BenefitYear.First(rules, year);
        last = BenefitYear.Last(rules, year);
        periodEnd = BenefitYear.Day(rules[Parameter.CoveragePeriodEnd], year - 1);
        lastEnrolment = BenefitYear.Day(rules[Parameter.CoverageLastEnrolment], year);
        waiting = (int)rules[Parameter.CoverageWaiting];
    }

    /// <summary>Parameters without which nothing can be said.</summary>
    public static ReadOnlySpan<Parameter> Needs =>
    [
        Parameter.CoveragePeriodStart, Parameter.CoveragePeriodEnd, Parameter.CoverageGapStart, Parameter.CoverageWaiting,
        Parameter.CoverageNewborn, Parameter.CoverageLastEnrolment, Parameter.CoverageEmployeeContinuous, Parameter.CoverageEmployeeGap,
    ];

    /// <summary>First day of cover in a benefit year, or null when there is none.</summary>
    public static DateOnly? StartOf(PersonFacts facts, RuleSet rules, int year)
    {
        if (PaidOn(facts, year) is not { } paid)
            return null;

        var cover = new ContributionCover(facts, rules, year);
        var start = Earlier(cover.Special(paid), cover.Newborn(paid));
        start = Earlier(start, cover.FromEmployeeScheme(paid));
        start = paid <= cover.periodEnd ? Earlier(start, cover.InPeriod(paid)) : Earlier(start, cover.MidYear(paid));
        return cover.Clip(start);
    }

    /// <summary>Rules 1 to 3: paid in the concentrated period; a premium paid before it counts as paid in it.</summary>
    private DateOnly? InPeriod(DateOnly paid)
    {
        var periodStart = BenefitYear.Day(rules[Parameter.CoveragePeriodStart], year - 1);
        var before = PaidOn(facts, year - 1);
        if (before < periodStart || CoveredByOwnRule(year - 1))
            return first;

        if (before is { } alsoPaid && alsoPaid <= periodEnd)
            return (alsoPaid > paid ? alsoPaid : paid).AddMonths(waiting);

        return BenefitYear.Day(rules[Parameter.CoverageGapStart], year);
    }

    /// <summary>Whether rules 4, 5 or 7 cover the person in a year.</summary>
    private bool CoveredByOwnRule(int other)
    {
        if (PaidOn(facts, other) is not { } paid)
            return false;

        var cover = new ContributionCover(facts, rules, other);
        return cover.Clip(Earlier(Earlier(cover.Special(paid), cover.NewbornInTime(paid)), cover.WithoutWait(paid))) is not null;
    }

    /// <summary>Rule 4: special groups, from the first day of the month after recognition.</summary>
    private DateOnly? Special(DateOnly paid)
    {
        if (paid > lastEnrolment)
            return null;

        DateOnly? start = null;
        foreach (var group in facts.Groups)
        {
            if (!rules.Has(Parameter.CoverageSpecialGroups, group.Group))
                continue;

            var from = new DateOnly(group.From.Year, group.From.Month, 1).AddMonths(1);
            var clipped = from < first ? first : from;
            if (group.To is not { } to || clipped <= to)
                start = Earlier(start, clipped);
        }

        return start;
    }

    /// <summary>
    /// Rule 5: newborns, in time from birth, later after the waiting period; the limit of mid-year enrolment does not hold for them.
    /// </summary>
    private DateOnly? Newborn(DateOnly paid)
    {
        if (facts.BirthDate is not { } birth || year < birth.Year || year > birth.Year + 1)
            return null;

        return NewbornInTime(paid) ?? paid.AddMonths(waiting);
    }

    private DateOnly? NewbornInTime(DateOnly paid)
        => facts.BirthDate is { } birth && paid >= birth && paid <= birth.AddMonths((int)rules[Parameter.CoverageNewborn]) ? birth : null;

    /// <summary>Rule 6: other mid-year enrolment.</summary>
    private DateOnly? MidYear(DateOnly paid) => paid >= first && paid <= lastEnrolment ? paid.AddMonths(waiting) : null;

    /// <summary>
    /// Rule 7: from the employee scheme, without a wait when it was continuous and the break short, else after the waiting period.
    /// </summary>
    private DateOnly? FromEmployeeScheme(DateOnly paid)
    {
        if (paid > lastEnrolment)
            return null;

        if (WithoutWait(paid) is { } start)
            return start;

        // Only a spell that ended in this year or the one before is what the person comes from.
        foreach (var spell in facts.EmployeeSpells)
            if (spell.To is { } end && end < paid && end.Year >= year - 1)
                return paid.AddMonths(waiting);

        return null;
    }

    private DateOnly? WithoutWait(DateOnly paid)
    {
        if (paid > lastEnrolment)
            return null;

        DateOnly? start = null;
        DateOnly? begun = null;
        var spells = facts.EmployeeSpells;
        for (var i = 0; i < spells.Length; i++)
        {
            begun ??= spells[i].From;
            if (spells[i].To is not { } end)
                break;

            var goesOn = i + 1 < spells.Length && spells[i + 1].From <= end.AddDays(1);
            if (goesOn)
                continue;

            var continuous = begun.Value.AddMonths((int)rules[Parameter.CoverageEmployeeContinuous]) <= end.AddDays(1);
            if (continuous && paid <= end.AddMonths((int)rules[Parameter.CoverageEmployeeGap]) && end < last)
                start = Earlier(start, end.AddDays(1));

            begun = null;
        }

        return start;
    }

    private DateOnly? Clip(DateOnly? start)
    {
        if (start is not { } day || day > last)
            return null;

        return day < first ? first : day;
    }

    private static DateOnly? PaidOn(PersonFacts facts, int year)
    {
        foreach (var contribution in facts.Contributions)
            if (contribution.Year == year)
                return contribution.PaidOn;

        return null;
    }

    private static DateOnly? Earlier(DateOnly? a, DateOnly? b) => a is null || b < a ? b ?? a : a;
}
