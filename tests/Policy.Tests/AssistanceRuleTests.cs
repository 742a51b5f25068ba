using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 6, the inpatient part: basic and tilt tier, severe mental disorder, one-stop settlement.</summary>
public class AssistanceRuleTests
{
    /// <summary>All class A, below the deductible: the whole bill is burden and base.</summary>
    private static Claim Burden(long yuan, string discharged = "2025-03-10") => Stay(FacilityLevel.Level3, yuan, discharged);

    //                                          basic D, %; tilt D, %
    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient, 0, 70, 0, 70)]
    [InlineData(SocialGroup.Orphan, 0, 70, 0, 70)]
    [InlineData(SocialGroup.MinimumLivingAllowance, 0, 70, 2000, 70)]
    [InlineData(SocialGroup.PovertyRelieved, 0, 70, 2000, 70)]
    [InlineData(SocialGroup.AllowanceEdge, 2000, 60, 4000, 60)]
    public void The_tiers(SocialGroup group, long basicDeductible, long basicPercent, long tiltDeductible, long tiltPercent)
    {
        var settled = Person(InsuredCategory.Adult, group).Settle(Burden(12_600) with { Totals = Totals(12_600, preSelfPay: 5000) })
            .Amounts;
        var basicBase = settled.InScope - settled.Pooled - settled.SeriousIllness;
        var basic = Math.Max(0, basicBase - Yuan(basicDeductible)) * basicPercent / 100;
        var tilt = Math.Max(0, basicBase + Yuan(5000) - basic - Yuan(tiltDeductible)) * tiltPercent / 100;

        Assert.Equal(Yuan(3600), basicBase);
        Assert.Equal((basic, tilt), (settled.AssistanceBasic, settled.AssistanceTilt));
    }

    [Fact]
    public void Deductibles_accumulate_over_the_year()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.AllowanceEdge);
        var first = person.Settle(Burden(600));
        var second = first.After.Settle(Burden(600, "2025-04-10"));
        var fourth = second.After.After(Burden(600, "2025-05-10")).Settle(Burden(600, "2025-06-10"));

        Assert.Equal((0, 0), (first.Amounts.AssistanceBasic, second.Amounts.AssistanceBasic));
        Assert.Equal(400 * 60, fourth.Amounts.AssistanceBasic);
    }

    [Fact]
    public void The_basic_tier_pays_20_000_a_year_and_the_tilt_tier_goes_on_without_a_cap()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan);
        var settled = person.Settle(Burden(900_000));

        Assert.Equal(Yuan(20_000), settled.Amounts.AssistanceBasic);
        Assert.True(settled.Amounts.AssistanceTilt > Yuan(100_000));
    }

    [Fact]
    public void Of_several_categories_the_best_counts()
    {
        var both = Person(InsuredCategory.Adult, SocialGroup.AllowanceEdge, SocialGroup.Orphan);

        Assert.Equal(Person(InsuredCategory.Adult, SocialGroup.Orphan).Settle(Burden(5000)).Amounts, both.Settle(Burden(5000)).Amounts);
    }

    [Fact]
    public void Impoverished_by_illness_is_helped_on_application_only()
    {
        var settled = Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness).Settle(Burden(5000));

        Assert.Equal((0, AssistanceReason.None), (settled.Amounts.Assistance, settled.AssistanceReason));
    }

    [Fact]
    public void Severe_mental_disorder_leaves_only_what_no_fund_knows()
    {
        var stay = Burden(
            12_000) with { Totals = Totals(12_000, selfFunded: 100, overLimit: 50, preSelfPay: 500),
            Diagnoses = Diagnoses.SevereMentalDisorder };
        var settled = Person(InsuredCategory.Adult, SocialGroup.AllowanceEdge).Settle(stay);

        Assert.Equal(Yuan(150), settled.Amounts.PersonPays);
        Assert.Equal(0, settled.Amounts.AssistanceBasic + settled.Amounts.AssistanceTilt);
        Assert.Equal(0, settled.After.Counter(CounterId.AssistanceBasicBase, 2025));
    }

    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient)]
    [InlineData(SocialGroup.Orphan)]
    [InlineData(SocialGroup.MinimumLivingAllowance)]
    [InlineData(SocialGroup.PovertyRelieved)]
    [InlineData(SocialGroup.AllowanceEdge)]
    public void Severe_mental_disorder_is_assisted_in_full_for_each_category_and_each_admission(SocialGroup category)
    {
        foreach (var type in new[] { VisitType.Inpatient, VisitType.Delivery, VisitType.FamilyPlanning })
        {
            var stay = Burden(12_000) with { VisitType = type, Diagnoses = Diagnoses.SevereMentalDisorder };
            var settled = Person(InsuredCategory.Adult, category).Settle(stay).Amounts;

            Assert.Equal((0, settled.Assistance), (settled.PersonPays, settled.AssistanceOther));
        }
    }

    [Theory]
    [InlineData(VisitType.Inpatient)]
    [InlineData(VisitType.Delivery)]
    [InlineData(VisitType.FamilyPlanning)]
    public void The_tiers_and_the_one_stop_conditions_are_for_all_admissions(VisitType type)
    {
        var stay = Burden(5000, "2025-11-10") with { VisitType = type };
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan);

        Assert.True(person.Settle(stay).Amounts.AssistanceBasic > 0);
        Assert.Equal(
            AssistanceReason.NotOneStop, person.Settle(stay with { Facility = stay.Facility with { AssistanceDesignated = false } })
            .AssistanceReason);
    }

    //          discharged    designated referral   on the spot
    [Theory]
    [InlineData("2025-10-31", false, false, true)]
    [InlineData("2025-11-01", false, false, false)]
    [InlineData("2025-11-01", true, false, true)]
    [InlineData("2025-11-01", false, true, true)]
    public void One_stop_in_the_city(string discharged, bool designated, bool referral, bool onTheSpot)
    {
        var stay = Burden(5000, discharged);
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan);
        var settled = person.Settle(stay with { Referral = referral, Facility = stay.Facility with { AssistanceDesignated = designated } });

        Assert.Equal(onTheSpot, settled.Amounts.AssistanceBasic > 0);
        Assert.Equal(onTheSpot ? AssistanceReason.None : AssistanceReason.NotOneStop, settled.AssistanceReason);
        Assert.Equal(onTheSpot, settled.After.Counter(CounterId.AssistanceBasicBase, 2025) > 0);
    }

    [Theory]
    [InlineData(InsuredCategory.Adult, FacilityLevel.Level2, false)]
    [InlineData(InsuredCategory.Adult, FacilityLevel.Level3, true)]
    [InlineData(InsuredCategory.Adult, FacilityLevel.SpecialLevel3, true)]
    [InlineData(InsuredCategory.UniversityStudent, FacilityLevel.Level2, true)]
    public void One_stop_out_of_area(InsuredCategory category, FacilityLevel level, bool onTheSpot)
    {
        var settled = Person(category, SocialGroup.Orphan).Settle(Stay(level, 5000, "2025-12-01", Beijing));

        Assert.Equal(onTheSpot ? AssistanceReason.None : AssistanceReason.NotOneStop, settled.AssistanceReason);
    }

    [Fact]
    public void The_category_is_that_of_the_day_of_admission()
    {
        var person = Person().With(new GroupFact(SocialGroup.Orphan, Day("2025-03-05"), Day("2025-03-31")));

        Assert.Equal(0, person.Settle(Burden(5000)).Amounts.Assistance);
        Assert.True(person.Settle(Burden(5000, "2025-03-11")).Amounts.Assistance > 0);
        Assert.True(person.Settle(Burden(5000, "2025-04-06")).Amounts.Assistance > 0);
        Assert.Equal(0, person.Settle(Burden(5000, "2025-04-07")).Amounts.Assistance);
    }
}
