using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 6, the outpatient tier: outpatient pooling and two-disease drugs.</summary>
public class OutpatientAssistanceRuleTests
{
    private static Claim Drugs(long yuan, string day = "2025-03-10") =>
        Visit(VisitType.TwoDisease, At(FacilityLevel.Level2), yuan, day) with { Disease = Disease.Hypertension };

    private static Account Filed(params SocialGroup[] groups) =>
        Person(InsuredCategory.Adult, groups).With(new TwoDiseaseFact(Disease.Hypertension, Day("2025-01-05")));

    //          category, percent, of the disabled, cap a year
    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient, 80, 90, 120)]
    [InlineData(SocialGroup.Orphan, 80, 90, 120)]
    [InlineData(SocialGroup.MinimumLivingAllowance, 80, 80, 80)]
    [InlineData(SocialGroup.PovertyRelieved, 80, 80, 80)]
    [InlineData(SocialGroup.AllowanceEdge, 0, 0, 0)]
    [InlineData(SocialGroup.ImpoverishedByIllness, 0, 0, 0)]
    public void The_tier(SocialGroup category, long percent, long disabledPercent, long cap)
    {
        Assert.Equal(Yuan(35) * percent / 100, Filed(category).Settle(Drugs(100)).Amounts.AssistanceOutpatient);
        Assert.Equal(Yuan(35) * disabledPercent / 100, Filed(category, SocialGroup.Disabled).Settle(Drugs(100))
            .Amounts.AssistanceOutpatient);
        Assert.Equal(Yuan(35) * disabledPercent / 100, Filed(category, SocialGroup.SeverelyDisabled).Settle(Drugs(100))
            .Amounts.AssistanceOutpatient);

        var much = Filed(category).Settle(Drugs(5000));
        Assert.Equal(Yuan(cap), much.Amounts.AssistanceOutpatient);
        Assert.Equal(0, much.After.Settle(Drugs(5000, "2025-12-31")).Amounts.AssistanceOutpatient);
        Assert.Equal(Yuan(cap), much.After.Settle(Drugs(5000, "2026-01-01")).Amounts.AssistanceOutpatient);
    }

    [Fact]
    public void It_takes_what_the_fund_has_left_in_scope_and_has_no_one_stop_condition()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan)
            .With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));
        var township = At(FacilityLevel.Primary) with { Code = "T1", Kind = FacilityKind.TownshipHospital, AssistanceDesignated = false };
        var settled = person.Settle(
            Visit(VisitType.OutpatientPooling, township, 0, "2025-11-10") with { Totals = Totals(100, selfFunded: 20, preSelfPay: 50) });

        Assert.Equal(
            (Yuan(33), Yuan(67) * 80 / 100, AssistanceReason.None),
            (settled.Amounts.Pooled, settled.Amounts.AssistanceOutpatient, settled.AssistanceReason));
        Assert.Equal(0, settled.After.Counter(CounterId.AssistanceBasicBase, 2025));
    }

    [Theory]
    [InlineData(VisitType.EmergencyOutpatient)]
    [InlineData(VisitType.Prenatal)]
    [InlineData(VisitType.AssistedReproduction)]
    public void No_other_outpatient_visit_has_it(VisitType type)
    {
        var visit = Visit(
            type, At(FacilityLevel.Level3), 100) with { Pregnancy = "P", Cycle = "C", TreatmentFeeItem = true,
            Diagnoses = Diagnoses.ListedCriticalDisease };

        Assert.Equal(0, Filed(SocialGroup.Orphan).Settle(visit).Amounts.Assistance);
    }
}
