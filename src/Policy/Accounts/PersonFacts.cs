using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>The registered facts of one person, each kind in its canonical order. Immutable.</summary>
public sealed record PersonFacts
{
    /// <summary>Nothing registered.</summary>
    public static PersonFacts Empty { get; } = new();

    /// <summary>Birth date, once registered.</summary>
    public DateOnly? BirthDate { get; init; }

    /// <summary>Insured categories by first day.</summary>
    public ImmutableArray<InsuredFact> Insured { get; init; } = [];

    /// <summary>Group memberships by first day, then group.</summary>
    public ImmutableArray<GroupFact> Groups { get; init; } = [];

    /// <summary>Resident premiums by year, one a year.</summary>
    public ImmutableArray<ContributionFact> Contributions { get; init; } = [];

    /// <summary>Known intervals of cover by first day.</summary>
    public ImmutableArray<CoverageFact> Coverage { get; init; } = [];

    /// <summary>Spells in the employee scheme by first day.</summary>
    public ImmutableArray<EmployeeSpellFact> EmployeeSpells { get; init; } = [];

    /// <summary>Resettlement filings by filing day, then id.</summary>
    public ImmutableArray<FilingFact> Filings { get; init; } = [];

    /// <summary>Certifications by filing day, then disease.</summary>
    public ImmutableArray<CertificationFact> Certifications { get; init; } = [];

    /// <summary>Chosen outpatient facilities by year, one a year.</summary>
    public ImmutableArray<ChosenFacilityFact> ChosenFacilities { get; init; } = [];

    /// <summary>Two-disease filings by filing day, then disease.</summary>
    public ImmutableArray<TwoDiseaseFact> TwoDiseaseFilings { get; init; } = [];

    /// <summary>Grants paid, by day of application.</summary>
    public ImmutableArray<GrantFact> Grants { get; init; } = [];

    /// <summary>Insured category on a day: the last one that began on or before it; none when there is none.</summary>
    public InsuredCategory? CategoryOn(DateOnly day)
    {
        for (var i = Insured.Length - 1; i >= 0; i--)
            if (Insured[i].From <= day)
                return Insured[i].Category;

        return null;
    }

    /// <summary>Groups the person belongs to on a day.</summary>
    public GroupSet GroupsOn(DateOnly day)
    {
        var set = GroupSet.None;
        foreach (var group in Groups)
            if (group.From <= day && (group.To is not { } to || day <= to))
                set |= GroupSet.Of(group.Group);

        return set;
    }
}

/// <summary>A set of social groups.</summary>
public readonly record struct GroupSet(int Mask)
{
    private const int CategoryMask = (1 << ((int)SocialGroup.ImpoverishedByIllness + 1)) - 1;

    /// <summary>The empty set.</summary>
    public static GroupSet None => default;

    /// <summary>Best assistance category in the set, none when there is none (section 3: best first).</summary>
    public SocialGroup? BestCategory =>
        (Mask & CategoryMask) == 0 ? null : (SocialGroup)System.Numerics.BitOperations.TrailingZeroCount(Mask);

    /// <summary>The set of one group.</summary>
    public static GroupSet Of(SocialGroup group) => new(1 << (int)group);

    /// <summary>Union.</summary>
    public static GroupSet operator |(GroupSet a, GroupSet b) => new(a.Mask | b.Mask);

    /// <summary>Whether the group is in the set.</summary>
    public bool Has(SocialGroup group) => (Mask & (1 << (int)group)) != 0;

    /// <summary>Whether the two sets share a group.</summary>
    public bool Overlaps(GroupSet other) => (Mask & other.Mask) != 0;
}
