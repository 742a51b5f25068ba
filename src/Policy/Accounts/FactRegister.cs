using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>
/// Adds facts to those registered: checks each against itself and against what stands, and keeps every kind in its canonical order.
/// </summary>
internal static class FactRegister
{
    /// <summary>Years the engine reckons with. Bounds of the engine, not policy.</summary>
    public const int FirstYear = 1900;

    /// <inheritdoc cref="FirstYear"/>
    public const int LastYear = 2200;

    /// <summary>Longest id or code of a fact.</summary>
    private const int MaxText = 64;

    public static Refusal? Add(ref PersonFacts facts, Fact fact, PackScheme scheme) => fact switch
    {
        BirthFact birth => AddBirth(ref facts, birth),
        InsuredFact insured => AddInsured(ref facts, insured),
        GroupFact group => AddGroup(ref facts, group),
        GroupEndFact end => EndGroup(ref facts, end),
        ContributionFact contribution => AddContribution(ref facts, contribution),
        CoverageFact coverage => AddCoverage(ref facts, coverage),
        EmployeeSpellFact spell => AddSpell(ref facts, spell),
        FilingFact filing => AddFiling(ref facts, filing, scheme),
        FilingEndFact end => EndFiling(ref facts, end, scheme),
        CertificationFact certification => AddCertification(ref facts, certification),
        ChosenFacilityFact choice => AddChoice(ref facts, choice),
        TwoDiseaseFact filing => AddTwoDisease(ref facts, filing),
        GrantFact => Invalid("fact", "GrantFact", "a fact; a grant is decided on application, never registered"),
        _ => Invalid("fact", fact.GetType().Name, "a kind of fact that can be registered"),
    };

    private static Refusal? AddBirth(ref PersonFacts facts, BirthFact birth)
    {
        if (OutOfRange(birth.BirthDate))
            return BadDate("birthDate", birth.BirthDate);

        if (facts.BirthDate is { } known && known != birth.BirthDate)
            return Invalid("birthDate", null, "the birth date already registered");

        facts = facts with { BirthDate = birth.BirthDate };
        return null;
    }

    private static Refusal? AddInsured(ref PersonFacts facts, InsuredFact insured)
    {
        if (OutOfRange(insured.From))
            return BadDate("insured.from", insured.From);

        foreach (var known in facts.Insured)
            if (known.From == insured.From && known != insured)
                return Invalid("insured.from", $"{insured.From:yyyy-MM-dd}", $"another day: {known.Category.Text()} begins on it");

        facts = facts with { Insured = Insert(facts.Insured, insured, static (a, b) => a.From.CompareTo(b.From)) };
        return null;
    }

    private static Refusal? AddGroup(ref PersonFacts facts, GroupFact group)
    {
        if (Interval("groups", group.From, group.To) is { } bad)
            return bad;

        facts = facts with { Groups = Insert(facts.Groups, group) };
        return null;
    }

    /// <summary>Each membership of the group that began by the day and holds longer ends on it; one that begins later is another.</summary>
    private static Refusal? EndGroup(ref PersonFacts facts, GroupEndFact end)
    {
        if (OutOfRange(end.To))
            return BadDate("groupEnd.to", end.To);

        var groups = facts.Groups;
        var isKnown = false;
        foreach (var known in facts.Groups)
        {
            if (known.Group != end.Group || known.From > end.To || known.To < end.To)
                continue;

            isKnown = true;
            groups = Insert(groups.Remove(known), known with { To = end.To });
        }

        facts = facts with { Groups = groups };
        return isKnown ? null : new Refusal(RefusalCode.NotFound) { Field = "groupEnd.group", Value = end.Group.Text() };
    }

    private static ImmutableArray<GroupFact> Insert(ImmutableArray<GroupFact> groups, GroupFact group) => Insert(
        groups, group, static (a, b) => Then(a.From.CompareTo(b.From), a.Group.CompareTo(b.Group), Nullable.Compare(a.To, b.To)));

    private static Refusal? AddContribution(ref PersonFacts facts, ContributionFact contribution)
    {
        if (contribution.Year is < FirstYear or > LastYear)
            return Invalid("contributions.year", $"{contribution.Year}", $"{FirstYear} to {LastYear}");

        if (OutOfRange(contribution.PaidOn))
            return BadDate("contributions.paidOn", contribution.PaidOn);

        foreach (var known in facts.Contributions)
            if (known.Year == contribution.Year && known != contribution)
                return Invalid("contributions.year", $"{contribution.Year}", $"a year not yet paid: it was on {known.PaidOn:yyyy-MM-dd}");

        facts = facts with { Contributions = Insert(facts.Contributions, contribution, static (a, b) => a.Year.CompareTo(b.Year)) };
        return null;
    }

    private static Refusal? AddCoverage(ref PersonFacts facts, CoverageFact coverage)
    {
        if (Interval("coverage", coverage.From, coverage.To) is { } bad)
            return bad;

        facts = facts with
        {
            Coverage = Insert(facts.Coverage, coverage, static (a, b) => Then(a.From.CompareTo(b.From), a.To.CompareTo(b.To))),
        };
        return null;
    }

    private static Refusal? AddSpell(ref PersonFacts facts, EmployeeSpellFact spell)
    {
        if (Interval("employeeHistory", spell.From, spell.To) is { } bad)
            return bad;

        foreach (var known in facts.EmployeeSpells)
        {
            if (known == spell)
                return null;

            // The same spell, known now to have ended, replaces the open one.
            if (known.From == spell.From && known.To is null)
            {
                facts = facts with { EmployeeSpells = facts.EmployeeSpells.Replace(known, spell) };
                return null;
            }

            if (known.From <= (spell.To ?? DateOnly.MaxValue) && spell.From <= (known.To ?? DateOnly.MaxValue))
                return Invalid(
                    "employeeHistory.from", $"{spell.From:yyyy-MM-dd}", $"no overlap with the spell from {known.From:yyyy-MM-dd}");
        }

        facts = facts with { EmployeeSpells = Insert(facts.EmployeeSpells, spell, static (a, b) => a.From.CompareTo(b.From)) };
        return null;
    }

    private static Refusal? AddFiling(ref PersonFacts facts, FilingFact filing, PackScheme scheme)
    {
        if (BadText(filing.Id))
            return Invalid("filings.id", null, $"1 to {MaxText} characters");

        if (filing.Place is < 10_000 or > 999_999)
            return Invalid("filings.place", $"{filing.Place}", "a division code of six digits");

        foreach (var (
            field, date) in new[] { ("filedOn", filing.FiledOn), ("issuedOn", filing.IssuedOn), ("expiresOn", filing.ExpiresOn),
            ("endedOn", (DateOnly?)filing.EndedOn) })
            if (date is { } given && OutOfRange(given))
                return BadDate($"filings.{field}", given);

        foreach (var known in facts.Filings)
            if (known.Id == filing.Id && known != filing)
                return Invalid("filings.id", filing.Id, "an id not yet used by this person");

        var rules = scheme.On(filing.FiledOn);
        var validity = rules[Parameter.FilingValidity, (int)filing.Basis];
        if (validity == (long)FilingValidityRule.Expiry && filing.ExpiresOn is null)
            return Invalid("filings.expiresOn", null, $"the expiry of the proof ({filing.Basis.Text()})");

        if (validity == (long)FilingValidityRule.ExpiryOrIssue && filing.ExpiresOn is null && filing.IssuedOn is null)
            return Invalid("filings.expiresOn", null, $"the expiry or the issue of the proof ({filing.Basis.Text()})");

        facts = facts with
        {
            Filings = Insert(
                facts.Filings, filing, static (a, b) => Then(a.FiledOn.CompareTo(b.FiledOn), string.CompareOrdinal(a.Id, b.Id))),
        };
        return null;
    }

    private static Refusal? EndFiling(ref PersonFacts facts, FilingEndFact end, PackScheme scheme)
    {
        foreach (var known in facts.Filings)
        {
            if (known.Id != end.Filing)
                continue;

            var months = scheme.On(end.EndedOn)[Parameter.FilingEndAfter];
            if (months == RuleSet.Unpublished)
                return new Refusal(RefusalCode.UnpublishedParameter) { Parameter = Parameter.FilingEndAfter };

            var earliest = known.FiledOn.AddMonths((int)months);
            if (end.EndedOn < earliest)
                return new Refusal(RefusalCode.TooEarly)
                {
                    Field = "date",
                    Value = $"{end.EndedOn:yyyy-MM-dd}",
                    Expected = $"{earliest:yyyy-MM-dd} or later",
                    Parameter = Parameter.FilingEndAfter,
                };

            if (known.EndedOn is { } ended && ended != end.EndedOn)
                return Invalid("date", $"{end.EndedOn:yyyy-MM-dd}", $"a filing not yet ended: it was on {ended:yyyy-MM-dd}");

            facts = facts with { Filings = facts.Filings.Replace(known, known with { EndedOn = end.EndedOn }) };
            return null;
        }

        return new Refusal(RefusalCode.NotFound) { Field = "filing", Value = end.Filing };
    }

    private static Refusal? AddCertification(ref PersonFacts facts, CertificationFact certification)
    {
        if (certification.Disease is Disease.None or > Disease.Sjogren)
            return Invalid("certifications.disease", certification.Disease.Text(), "a chronic or special disease");

        if (OutOfRange(certification.FiledOn))
            return BadDate("certifications.filedOn", certification.FiledOn);

        facts = facts with
        {
            Certifications = Insert(
                facts.Certifications, certification, static (a, b) => Then(a.FiledOn.CompareTo(b.FiledOn), a.Disease.CompareTo(b.Disease))),
        };
        return null;
    }

    private static Refusal? AddChoice(ref PersonFacts facts, ChosenFacilityFact choice)
    {
        if (choice.Year is < FirstYear or > LastYear)
            return Invalid("chosenFacilities.year", $"{choice.Year}", $"{FirstYear} to {LastYear}");

        if (BadText(choice.Code))
            return Invalid("chosenFacilities.code", null, $"1 to {MaxText} characters");

        foreach (var known in facts.ChosenFacilities)
            if (known.Year == choice.Year && known.Code != choice.Code)
                return new Refusal(RefusalCode.ChoiceFixed)
                {
                    Field = "facility",
                    Value = choice.Code,
                    Expected = $"{known.Code}, chosen for {choice.Year}",
                };

        facts = facts with { ChosenFacilities = Insert(facts.ChosenFacilities, choice, static (a, b) => a.Year.CompareTo(b.Year)) };
        return null;
    }

    private static Refusal? AddTwoDisease(ref PersonFacts facts, TwoDiseaseFact filing)
    {
        if (filing.Disease is not (Disease.Hypertension or Disease.Diabetes))
            return Invalid("twoDiseaseFilings.disease", filing.Disease.Text(), "HYPERTENSION or DIABETES");

        if (OutOfRange(filing.FiledOn))
            return BadDate("twoDiseaseFilings.filedOn", filing.FiledOn);

        facts = facts with
        {
            TwoDiseaseFilings = Insert(
                facts.TwoDiseaseFilings, filing, static (a, b) => Then(a.FiledOn.CompareTo(b.FiledOn), a.Disease.CompareTo(b.Disease))),
        };
        return null;
    }

    /// <summary>Adds a grant that was decided on application.</summary>
    public static PersonFacts AddGrant(PersonFacts facts, GrantFact grant)
        => facts with
        {
            Grants = Insert(facts.Grants, grant, static (a, b) => (a.AppliedOn, a.Region, a.Basic, a.Tilt)
                .CompareTo((b.AppliedOn, b.Region, b.Basic, b.Tilt))),
        };

    /// <summary>Inserts in order; what is there already stays as it is (a repeated fact changes nothing).</summary>
    private static ImmutableArray<T> Insert<T>(ImmutableArray<T> list, T item, Comparison<T> order)
    {
        var at = 0;
        while (at < list.Length && order(list[at], item) < 0)
            at++;

        return at < list.Length && order(list[at], item) == 0 ? list : list.Insert(at, item);
    }

    private static int Then(int first, int second, int third = 0) => first != 0 ? first : second != 0 ? second : third;

    private static Refusal? Interval(string field, DateOnly from, DateOnly? to)
    {
        if (OutOfRange(from))
            return BadDate($"{field}.from", from);

        if (to is not { } end)
            return null;

        if (OutOfRange(end))
            return BadDate($"{field}.to", end);

        return end < from ? Invalid($"{field}.to", $"{end:yyyy-MM-dd}", $"{from:yyyy-MM-dd} or later") : null;
    }

    private static bool OutOfRange(DateOnly date) => date.Year is < FirstYear or > LastYear;

    private static bool BadText(string? text) => string.IsNullOrEmpty(text) || text.Length > MaxText;

    private static Refusal BadDate(string field, DateOnly date) =>
        Invalid(field, $"{date:yyyy-MM-dd}", $"a day of {FirstYear} to {LastYear}");

    private static Refusal Invalid(string field, string? value, string expected)
        => new(RefusalCode.InvalidFact) { Field = field, Value = value, Expected = expected };
}
