using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.6: drugs for hypertension and diabetes.</summary>
public class TwoDiseaseRuleTests
{
    private static Account Filed(params Disease[] diseases) =>
        Person().With([.. diseases.Select(d => new TwoDiseaseFact(d, Day("2025-01-05")))]);

    private static Claim Drugs(
        Disease disease, long yuan, FacilityLevel level = FacilityLevel.Level2, string day = "2025-03-10", int division = Shenyang)
        => Visit(VisitType.TwoDisease, At(level, division), yuan, day) with { Disease = disease };

    [Fact]
    public void Sixty_five_percent_without_a_deductible()
    {
        var settled = Filed(Disease.Hypertension).Settle(Drugs(Disease.Hypertension, 100)).Amounts;

        Assert.Equal((0, 0, Yuan(65), Yuan(35)), (settled.DeductibleStandard, settled.DeductiblePaid, settled.Pooled, settled.PersonPays));
    }

    [Theory]
    [InlineData(200, Disease.Hypertension)]
    [InlineData(400, Disease.Diabetes)]
    [InlineData(400, Disease.Hypertension, Disease.Diabetes)]
    public void The_yearly_cap_goes_by_what_is_filed(long cap, params Disease[] filed)
    {
        var person = Filed(filed);
        var once = person.Settle(Drugs(filed[0], 1000));

        Assert.Equal(Yuan(cap), once.Amounts.Pooled);
        Assert.Equal(0, once.After.Settle(Drugs(filed[^1], 1000, day: "2025-12-31")).Amounts.Pooled);
        Assert.Equal(Yuan(cap), once.After.Settle(Drugs(filed[^1], 1000, day: "2026-01-01")).Amounts.Pooled);
    }

    [Fact]
    public void Diabetes_filed_later_lifts_the_cap_for_both_from_that_day()
    {
        var person = Filed(Disease.Hypertension).With(new TwoDiseaseFact(Disease.Diabetes, Day("2025-06-01")))
            .After(Drugs(Disease.Hypertension, 1000));

        Assert.Equal(0, person.Settle(Drugs(Disease.Hypertension, 1000, day: "2025-05-31")).Amounts.Pooled);
        Assert.Equal(Yuan(200), person.Settle(Drugs(Disease.Hypertension, 1000, day: "2025-06-01")).Amounts.Pooled);
    }

    //          level, whether it is paid when it is not the chosen facility
    [Theory]
    [InlineData(FacilityLevel.Primary, true)]
    [InlineData(FacilityLevel.Level1, true)]
    [InlineData(FacilityLevel.Level2, true)]
    [InlineData(FacilityLevel.Unrated, true)]
    [InlineData(FacilityLevel.Level3, false)]
    [InlineData(FacilityLevel.SpecialLevel3, false)]
    public void At_the_chosen_facility_or_one_of_level_2_or_below_in_or_out_of_the_city(FacilityLevel level, bool paid)
    {
        foreach (var division in new[] { Shenyang, Shanghai })
        {
            var drugs = Drugs(Disease.Hypertension, 100, level, division: division);
            var chooser = Filed(Disease.Hypertension).With(new ChosenFacilityFact(2025, drugs.Facility.Code, FacilityKind.General));

            Assert.Equal(Yuan(65), chooser.Settle(drugs).Amounts.Pooled);
            if (paid)
                Assert.Equal(Yuan(65), Filed(Disease.Hypertension).Settle(drugs).Amounts.Pooled);
            else
                Assert.Equal(RefusalCode.NotChosenFacility, Filed(Disease.Hypertension).Refused(drugs).Code);
        }
    }

    [Theory]
    [InlineData(Disease.Diabetes, "2025-03-10")]
    [InlineData(Disease.Hypertension, "2025-01-04")]
    [InlineData(Disease.Stroke, "2025-03-10")]
    [InlineData(Disease.None, "2025-03-10")]
    public void The_disease_of_the_claim_must_be_filed_by_the_day(Disease disease, string day)
        => Assert.Equal(RefusalCode.NoFiling, Filed(Disease.Hypertension).Refused(Drugs(disease, 100, day: day)).Code);
}
