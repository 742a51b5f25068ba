using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.3: emergency rescue of an outpatient or in an ambulance.</summary>
public class EmergencyOutpatientRuleTests
{
    private static Claim Rescue(long yuan, int division = Shenyang, bool emergency = false) =>
        Visit(VisitType.EmergencyOutpatient, At(FacilityLevel.Level3, division), yuan) with
    {
        Diagnoses = Diagnoses.ListedCriticalDisease,
        TreatmentFeeItem = true,
        Emergency = emergency,
    };

    [Fact]
    public void In_the_city_60_percent_without_a_deductible()
    {
        var settled = Person().Settle(Rescue(3000)).Amounts;

        Assert.Equal(
            (0, 0, Yuan(1800), Yuan(1200)), (settled.DeductibleStandard, settled.DeductiblePaid, settled.Pooled, settled.PersonPays));
    }

    //          place    flagged as an emergency, kind of place, percent
    [Theory]
    [InlineData(Shenyang, false, OutOfAreaKind.Local, 60)]
    [InlineData(Beijing, false, OutOfAreaKind.LongTerm, 60)]
    [InlineData(Shanghai, false, OutOfAreaKind.Temporary, 50)]
    [InlineData(Shanghai, true, OutOfAreaKind.CriticalEmergency, 50)]
    public void Out_of_area_60_percent_at_the_filed_place_else_50(int division, bool emergency, OutOfAreaKind kind, long percent)
    {
        var person = Person().With(new FilingFact("F1", Beijing, FilingBasis.PropertyDeed, Day("2025-01-01")));
        var settled = person.Settle(Rescue(1000, division, emergency));

        Assert.Equal((kind, Yuan(10) * percent), (settled.OutOfAreaKind, settled.Amounts.Pooled));
    }

    [Fact]
    public void A_university_student_has_60_percent_everywhere()
        => Assert.Equal(Yuan(600), Person(InsuredCategory.UniversityStudent).Settle(Rescue(1000, Shanghai)).Amounts.Pooled);

    //          place, emergency, percent of serious illness
    [Theory]
    [InlineData(Shenyang, false, 60)]
    [InlineData(Beijing, false, 60)]
    [InlineData(Shanghai, false, 50)]
    [InlineData(Shanghai, true, 50)]
    public void Serious_illness_counts_it_10_points_lower_away_from_the_filed_place(int division, bool emergency, long percent)
    {
        var person = Person().With(new FilingFact("F1", Beijing, FilingBasis.PropertyDeed, Day("2025-01-01")));
        var settled = person.Settle(Rescue(60_000, division, emergency));
        var burden = Yuan(60_000) - settled.Amounts.Pooled;

        Assert.Equal(burden, settled.After.Counter(CounterId.SeriousIllnessBase, 2025));
        Assert.Equal((burden - Yuan(18_000)) * percent / 100, settled.Amounts.SeriousIllness);
    }

    [Fact]
    public void Any_institution_or_ambulance_designated_or_not_of_any_level()
    {
        var rescue = Rescue(1000);

        Assert.Equal(Yuan(600), Person().Settle(rescue with { Facility = At(FacilityLevel.Unrated) with { Designated = false } })
            .Amounts.Pooled);
        Assert.Equal(Yuan(500), Person()
            .Settle(Rescue(1000, Shanghai) with { Facility = At(FacilityLevel.Level1, Shanghai) with { Designated = false } })
            .Amounts.Pooled);
    }

    [Fact]
    public void Without_the_disease_or_the_treatment_fee_it_is_refused()
    {
        Assert.Equal((RefusalCode.ConditionNotMet, "diagnoses"), Ground(Rescue(1000) with { Diagnoses = Diagnoses.Aids }));
        Assert.Equal((RefusalCode.ConditionNotMet, "treatmentFeeItem"), Ground(Rescue(1000) with { TreatmentFeeItem = false }));

        static (RefusalCode, string?) Ground(Claim claim) => (Person().Refused(claim).Code, Person().Refused(claim).Field);
    }

    [Fact]
    public void A_fee_line_of_treatment_is_a_treatment_fee()
    {
        var lines = Rescue(
            0) with { TreatmentFeeItem = false, Totals = null,
            Lines = [new FeeLine("T1", CatalogueClass.A, Yuan(100), 1, Treatment: true)] };

        Assert.Equal(Yuan(60), Person().Settle(lines).Amounts.Pooled);
        Assert.Equal(RefusalCode.ConditionNotMet, Person().Refused(lines with { Lines = [lines.Lines[0] with { Treatment = false }] })
            .Code);
    }

    [Fact]
    public void Assistance_has_no_part_in_it()
        => Assert.Equal(0, Person(InsuredCategory.Adult, SocialGroup.Orphan).Settle(Rescue(3000)).Amounts.Assistance);
}
