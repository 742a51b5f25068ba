using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.7: prenatal checks, delivery, family planning, assisted reproduction; and what is not payable at all.</summary>
public class MaternityRuleTests
{
    private const int Dalian = 210200;

    private static Claim Prenatal(long yuan, string pregnancy = "PG1", string day = "2025-03-10", int division = Shenyang)
        => Visit(VisitType.Prenatal, At(FacilityLevel.Level2, division), yuan, day) with { Pregnancy = pregnancy };

    private static Claim Cycle(string cycle, long yuan = 1000, string day = "2025-03-10", int division = Shenyang)
        => Visit(VisitType.AssistedReproduction, At(FacilityLevel.Level3, division), yuan, day) with { Cycle = cycle };

    [Fact]
    public void Prenatal_checks_60_percent_up_to_1500_a_pregnancy_over_two_years()
    {
        var first = Person().Settle(Prenatal(2000, day: "2025-11-10"));
        var second = first.After.Settle(Prenatal(1000, day: "2026-01-10"));

        Assert.Equal((0, Yuan(1200)), (first.Amounts.DeductibleStandard, first.Amounts.Pooled));
        Assert.Equal(Yuan(300), second.Amounts.Pooled);
        Assert.Equal(Yuan(600), second.After.Settle(Prenatal(1000, "PG2", "2026-12-10")).Amounts.Pooled);
    }

    [Fact]
    public void Prenatal_checks_at_designated_facilities_in_or_out_of_the_city()
    {
        var away = Prenatal(1000, division: Shanghai);

        Assert.Equal(Yuan(600), Person().Settle(away).Amounts.Pooled);
        Assert.Equal(RefusalCode.FacilityNotDesignated, Person().Refused(away with { Facility = away.Facility with { Designated = false } })
            .Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_its_reference_a_pregnancy_or_cycle_is_refused(string? reference)
    {
        Assert.Equal(RefusalCode.ConditionNotMet, Person().Refused(Prenatal(1000) with { Pregnancy = reference }).Code);
        Assert.Equal(RefusalCode.ConditionNotMet, Person().Refused(Cycle("C1") with { Cycle = reference }).Code);
    }

    //          level, percent
    [Theory]
    [InlineData(FacilityLevel.Primary, 90)]
    [InlineData(FacilityLevel.Level1, 85)]
    [InlineData(FacilityLevel.Level2, 80)]
    [InlineData(FacilityLevel.Level3, 75)]
    [InlineData(FacilityLevel.SpecialLevel3, 65)]
    public void A_delivery_has_no_deductible_and_the_ratio_of_the_level_in_and_out_of_the_city(FacilityLevel level, long percent)
    {
        foreach (var division in new[] { Shenyang, Shanghai })
        {
            var settled = Person().Settle(Stay(level, 10_000, division: division) with { VisitType = VisitType.Delivery }).Amounts;

            Assert.Equal((0, 0, Yuan(100) * percent), (settled.DeductibleStandard, settled.DeductiblePaid, settled.Pooled));
        }
    }

    [Fact]
    public void Family_planning_as_any_stay_and_the_same_out_of_area()
    {
        foreach (var division in new[] { Shenyang, Shanghai })
        {
            var settled = Person()
                .Settle(Stay(FacilityLevel.Level3, 4000, division: division) with { VisitType = VisitType.FamilyPlanning }).Amounts;

            Assert.Equal((Yuan(600), Yuan(2550)), (settled.DeductibleStandard, settled.Pooled));
        }
    }

    [Theory]
    [InlineData(VisitType.Delivery)]
    [InlineData(VisitType.FamilyPlanning)]
    public void Serious_illness_pays_for_maternity_admissions_as_in_the_city(VisitType type)
    {
        var local = Person().Settle(Stay(FacilityLevel.Level3, 140_000) with { VisitType = type }).Amounts;
        var away = Person().Settle(Stay(FacilityLevel.Level3, 140_000, division: Shanghai) with { VisitType = type }).Amounts;

        Assert.True(local.SeriousIllness > 0);
        Assert.Equal(local, away);
    }

    [Fact]
    public void The_rule_of_the_first_tumour_admission_is_not_for_family_planning()
    {
        var oncology = Stay(FacilityLevel.Level3, 5000) with { Diagnoses = Diagnoses.OncologyTreatment };
        var planning = oncology with { VisitType = VisitType.FamilyPlanning };

        Assert.Equal(Yuan(600), Person().After(oncology).Settle(planning).Amounts.DeductiblePaid);
        Assert.Equal(Yuan(600), Person().After(planning).Settle(oncology).Amounts.DeductiblePaid);
    }

    [Fact]
    public void Disease_exemptions_of_family_planning_hold_in_the_city_only()
    {
        var stay = Stay(FacilityLevel.Level3, 5000) with { VisitType = VisitType.FamilyPlanning, Diagnoses = Diagnoses.Aids };

        Assert.Equal(0, Person().Settle(stay).Amounts.DeductibleStandard);
        Assert.Equal(Yuan(600), Person().Settle(stay with { Facility = At(FacilityLevel.Level3, Shanghai) }).Amounts.DeductibleStandard);
    }

    [Fact]
    public void Assisted_reproduction_50_percent_for_two_cycles_ever_whatever_the_number_of_bills()
    {
        var first = Person().Settle(Cycle("C1"));
        var person = first.After.After(Cycle("C1"), Cycle("C2", day: "2026-02-10"), Cycle("C2", day: "2026-03-10"));

        Assert.Equal((0, Yuan(500)), (first.Amounts.DeductibleStandard, first.Amounts.Pooled));
        Assert.Equal(RefusalCode.LimitReached, person.Refused(Cycle("C3", day: "2027-03-10")).Code);
        Assert.Equal(Yuan(500), person.Settle(Cycle("C1", day: "2027-03-10")).Amounts.Pooled);
    }

    [Fact]
    public void Assisted_reproduction_inside_the_province_only()
    {
        Assert.Equal(Yuan(500), Person().Settle(Cycle("C1", division: Dalian)).Amounts.Pooled);
        Assert.Equal(RefusalCode.NotPayableRegion, Person().Refused(Cycle("C1", division: Beijing)).Code);
    }

    [Theory]
    [InlineData(VisitType.Prenatal)]
    [InlineData(VisitType.AssistedReproduction)]
    public void Neither_counts_for_serious_illness_or_assistance(VisitType type)
    {
        var visit = Visit(type, At(FacilityLevel.Level3), 90_000) with { Pregnancy = "P", Cycle = "C" };
        var settled = Person(InsuredCategory.Adult, SocialGroup.Orphan).Settle(visit);

        Assert.Equal((0, 0), (settled.Amounts.SeriousIllness, settled.Amounts.Assistance));
        Assert.Equal(settled.Amounts.Pooled, settled.After.Counter(CounterId.PooledPaid, 2025));
    }

    [Fact]
    public void High_value_drugs_are_not_published()
    {
        var refusal = Person().Refused(Visit(VisitType.HighValueDrug, At(FacilityLevel.Level3), 1000));

        Assert.Equal((RefusalCode.UnpublishedParameter, Parameter.BenefitVisitTypes), (refusal.Code, refusal.Parameter));
    }

    public static TheoryData<VisitType> AllTypes() => [.. Enum.GetValues<VisitType>().Where(t => t != VisitType.HighValueDrug)];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Nothing_is_payable_abroad_in_Hong_Kong_Macao_or_Taiwan(VisitType type)
    {
        foreach (var (division, abroad) in new[] { (710_000, false), (810_000, false), (820_000, false), (Shenyang, true) })
        {
            var visit = Stay(
                FacilityLevel.Level1, 100) with { VisitType = type,
                Facility = At(FacilityLevel.Level1, division) with { Abroad = abroad } };

            Assert.Equal(RefusalCode.NotPayableRegion, Person().Refused(visit).Code);
        }
    }
}
