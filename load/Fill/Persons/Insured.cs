using System.Collections.Immutable;
using Settlement.Policy;

namespace Settlement.Fill.Persons;

/// <summary>
/// One made-up insured person: who it is, and what is registered each year. Drawn anew whenever asked for: nothing is kept.
/// </summary>
internal readonly struct Insured
{
    private const int WhoStream = 1;
    private readonly int firstYear;
    private readonly DateOnly born;
    private readonly InsuredCategory category;
    private readonly SocialGroup? group;
    private readonly int paidDay;

    /// <summary>Draws the person.</summary>
    /// <param name="seed">Of the ledger.</param>
    /// <param name="number">Of the person.</param>
    /// <param name="visits">Settlements of all years: who comes often has a chronic disease.</param>
    /// <param name="firstYear">First benefit year of the ledger.</param>
    public Insured(int seed, int number, int visits, int firstYear)
    {
        Draws draws = new(seed, WhoStream, number);
        this.firstYear = firstYear;
        int age = visits > 30 ? draws.Between(35, 85) : draws.Between(2, 88);
        category = age switch { < 6 => InsuredCategory.Minor, < 15 => InsuredCategory.Student, < 19 =>
            InsuredCategory.UniversityStudent, _ => InsuredCategory.Adult };
        born = new DateOnly(firstYear - age, 1, 1).AddDays(draws.Below(365));
        group = draws.Percent(12) ? draws.Of(Groups) : null;
        paidDay = draws.Below(60);
        ChosenPrimary = Facilities.Primary[draws.Below(Facilities.Primary.Length)];
        Disease = visits > 100 ? Disease.Dialysis
            : visits > 30 || (age > 45 && draws.Percent(20)) ? draws.Of(ChronicDiseases)
            : Disease.None;
        DrugDisease = age > 45 && draws.Percent(35) ? (draws.Percent(65) ? Disease.Hypertension : Disease.Diabetes) : Disease.None;
        Hospital = Facilities.Hospital(ref draws);
    }

    /// <summary>The facility chosen for outpatient pooling, the same every year.</summary>
    public Facility ChosenPrimary { get; }

    /// <summary>The hospital of a chronic patient.</summary>
    public Facility Hospital { get; }

    /// <summary>The certified disease, or none.</summary>
    public Disease Disease { get; }

    /// <summary>The disease filed for drugs, or none.</summary>
    public Disease DrugDisease { get; }

    private static ReadOnlySpan<SocialGroup> Groups =>
    [
        SocialGroup.MinimumLivingAllowance, SocialGroup.MinimumLivingAllowance, SocialGroup.AllowanceEdge, SocialGroup.PovertyRelieved,
        SocialGroup.SpecialCareRecipient, SocialGroup.Disabled,
    ];

    private static ReadOnlySpan<Disease> ChronicDiseases =>
    [
        Disease.HypertensionComplicated, Disease.HypertensionComplicated, Disease.DiabetesComplicated, Disease.DiabetesComplicated,
        Disease.Stroke,
        Disease.ChronicHeartFailure, Disease.Copd, Disease.TumourChemoRadio, Disease.TumourEndocrine, Disease.RheumatoidArthritis,
        Disease.OrganTransplant,
    ];

    /// <summary>What is registered at the beginning of a year; everything about the person in the first.</summary>
    public ImmutableArray<Fact> FactsOf(int year)
    {
        ImmutableArray<Fact>.Builder facts = ImmutableArray.CreateBuilder<Fact>(10);
        if (year == firstYear)
        {
            facts.Add(new BirthFact(born));
            facts.Add(new InsuredFact(born, category));
            facts.Add(new ContributionFact(year - 1, PaidFor(year - 1)));
            if (group is { } member) facts.Add(new GroupFact(member, new DateOnly(Math.Max(born.Year + 1, year - 2), 1, 1)));
            if (Disease != Disease.None) facts.Add(new CertificationFact(Disease, new DateOnly(year - 1, 6, 10)));
            if (DrugDisease != Disease.None) facts.Add(new TwoDiseaseFact(DrugDisease, new DateOnly(year - 1, 5, 20)));
        }

        facts.Add(new ContributionFact(year, PaidFor(year)));
        facts.Add(new ChosenFacilityFact(year, ChosenPrimary.Code, ChosenPrimary.Kind));
        return facts.DrainToImmutable();
    }

    /// <summary>In the concentrated period before the year.</summary>
    private DateOnly PaidFor(int year) => new DateOnly(year - 1, 10, 8).AddDays(paidDay);
}
