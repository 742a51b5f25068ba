using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.4: chronic and special outpatient visits, and from when a certification holds.</summary>
public class ChronicRuleTests
{
    /// <summary>80 % at any level.</summary>
    private static readonly Disease[] Flat =
    [
        Disease.Aids, Disease.Tuberculosis, Disease.DrugResistantTuberculosis, Disease.HepatitisB, Disease.HepatitisC1B,
            Disease.HepatitisCNon1B,
        Disease.Brucellosis, Disease.Dialysis, Disease.OrganTransplant, Disease.TumourChemoRadio, Disease.SevereMentalDisorder,
            Disease.HaemophiliaMild,
        Disease.HaemophiliaModerate, Disease.HaemophiliaSevere, Disease.OtherEndocrineMetabolicMinor, Disease.EpilepsyMinor,
        Disease.GrowthHormoneDeficiencyMinor, Disease.RehabilitationMinor,
    ];

    /// <summary>Held from the month of filing on.</summary>
    private static readonly Disease[] SameMonth =
    [
        Disease.TumourChemoRadio, Disease.TumourEndocrine, Disease.TumourAnalgesic, Disease.Dialysis, Disease.HaemophiliaMild,
            Disease.HaemophiliaModerate,
        Disease.HaemophiliaSevere, Disease.OrganTransplant, Disease.DrugResistantTuberculosis, Disease.HepatitisC1B,
            Disease.HepatitisCNon1B,
    ];

    public static TheoryData<Disease> AllDiseases() =>
        [.. Enum.GetValues<Disease>().Where(d => d is > Disease.None and <= Disease.Sjogren)];

    private static Claim ChronicVisit(
        Disease disease, FacilityLevel level = FacilityLevel.Level3, long yuan = 1000, string day = "2025-03-10", int division = Shenyang)
        => Visit(VisitType.Chronic, At(level, division), yuan, day) with { Disease = disease };

    private static Account Certified(Disease disease, string filed = "2024-06-01") =>
        Person().With(new CertificationFact(disease, Day(filed)));

    [Theory]
    [MemberData(nameof(AllDiseases))]
    public void The_ratios(Disease disease)
    {
        var person = Certified(disease);
        foreach (var level in Enum.GetValues<FacilityLevel>())
        {
            var percent = Flat.Contains(disease) ? 80 : level switch
            {
                FacilityLevel.Level2 => 70,
                FacilityLevel.Level3 or FacilityLevel.SpecialLevel3 => 60,
                _ => 80,
            };
            var settled = person.Settle(ChronicVisit(disease, level)).Amounts;

            Assert.Equal((level, 0, Yuan(10) * percent), (level, settled.DeductibleStandard, settled.Pooled));
        }
    }

    [Theory]
    [MemberData(nameof(AllDiseases))]
    public void A_certification_holds_from_the_month_or_the_next_and_after_the_25th_a_month_later(Disease disease)
    {
        var (onTime, late) = SameMonth.Contains(disease) ? ("2025-03-01", "2025-04-01") : ("2025-04-01", "2025-05-01");

        Assert.Equal(Day(onTime), From(disease, "2025-03-25"));
        Assert.Equal(Day(late), From(disease, "2025-03-26"));
        Assert.Equal(Day(onTime), From(disease, "2025-03-01"));
    }

    private static DateOnly From(Disease disease, string filed)
    {
        var outcome = Repository.Adjudicator.Certification(Shenyang, Scheme.Resident, new CertificationFact(disease, Day(filed)));
        Assert.Null(outcome.Refusal);
        return outcome.From;
    }

    [Fact]
    public void The_first_day_of_the_month_is_covered_the_day_before_is_not()
    {
        var person = Certified(Disease.Stroke, "2025-03-26");

        Assert.Equal(RefusalCode.NoCertification, person.Refused(ChronicVisit(Disease.Stroke, day: "2025-04-30")).Code);
        Assert.Equal(Yuan(600), person.Settle(ChronicVisit(Disease.Stroke, day: "2025-05-01")).Amounts.Pooled);
    }

    [Fact]
    public void Of_several_certifications_the_earliest_counts()
    {
        var person = Certified(Disease.Stroke, "2025-01-05").With(new CertificationFact(Disease.Stroke, Day("2024-11-05")));

        Assert.Equal(Yuan(600), person.Settle(ChronicVisit(Disease.Stroke, day: "2025-01-10")).Amounts.Pooled);
    }

    [Theory]
    [InlineData(Disease.Asthma)]
    [InlineData(Disease.Hypertension)]
    [InlineData(Disease.None)]
    [InlineData(Disease.Unknown)]
    [InlineData((Disease)55)]
    public void A_disease_without_certification_is_refused(Disease disease)
        => Assert.Equal(RefusalCode.NoCertification, Certified(Disease.Stroke).Refused(ChronicVisit(disease)).Code);

    [Theory]
    [InlineData(Disease.None)]
    [InlineData(Disease.Diabetes)]
    [InlineData(Disease.Unknown)]
    [InlineData((Disease)55)]
    public void What_is_no_chronic_disease_cannot_be_certified(Disease disease)
        => Assert.Equal(
            RefusalCode.InvalidFact,
            Repository.Adjudicator.Certification(Shenyang, Scheme.Resident, new CertificationFact(disease, Day("2025-01-01")))
            .Refusal!.Code);

    [Theory]
    [InlineData(Beijing)]
    [InlineData(Shanghai)]
    public void The_same_out_of_area(int division)
        => Assert.Equal(Yuan(700), Certified(Disease.Copd).Settle(ChronicVisit(Disease.Copd, FacilityLevel.Level2, division: division))
            .Amounts.Pooled);

    [Fact]
    public void Not_at_a_facility_that_is_not_designated()
    {
        var visit = ChronicVisit(Disease.Copd);

        Assert.Equal(RefusalCode.FacilityNotDesignated, Certified(Disease.Copd)
            .Refused(visit with { Facility = visit.Facility with { Designated = false } }).Code);
    }

    [Fact]
    public void It_counts_for_the_yearly_cap_and_for_assistance_but_not_for_serious_illness()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan).With(new CertificationFact(Disease.Dialysis, Day("2024-06-01")));
        var settled = person.Settle(
            ChronicVisit(
            Disease.Dialysis, yuan: 100_000,
            day: "2025-12-01") with { Facility = At(FacilityLevel.Level3) with { AssistanceDesignated = false } });

        Assert.Equal(Yuan(80_000), settled.After.Counter(CounterId.PooledPaid, 2025));
        Assert.Equal(
            (0, Yuan(14_000), Yuan(4200)),
            (settled.Amounts.SeriousIllness, settled.Amounts.AssistanceBasic, settled.Amounts.AssistanceTilt));
        Assert.Equal(0, settled.After.Counter(CounterId.SeriousIllnessBase, 2025));
        Assert.Equal(Yuan(70_000), settled.After.Settle(ChronicVisit(Disease.Dialysis, yuan: 100_000, day: "2025-12-02")).Amounts.Pooled);
    }
}
