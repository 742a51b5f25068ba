using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 6: the one-off grant of people impoverished by illness, on application.</summary>
public class GrantRuleTests
{
    private static Account Impoverished => Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness);

    private static GrantSettlement Settled(
        long inScope, long preSelfPay = 0, long funds = 0, string discharged = "2025-06-01", VisitType type = VisitType.Inpatient)
        => new(Shenyang, type, Day(discharged), Yuan(inScope), Yuan(preSelfPay), Yuan(funds));

    private static Decision Apply(Account account, string day, params GrantSettlement[] settlements)
        => Repository.Adjudicator.Grant(account, new GrantApplication(Day(day), Shenyang, [.. settlements]), account.LastSequence + 1);

    private static IllnessGrant Granted(Account account, string day, params GrantSettlement[] settlements) =>
        Assert.IsType<IllnessGrant>(Apply(account, day, settlements));

    //          in scope, class B part, paid by funds; grant basic, tilt
    [Theory]
    [InlineData(5000, 0, 0, 0, 0)]
    [InlineData(5002, 0, 0, 1, 0)]
    [InlineData(15_000, 0, 0, 5000, 0)]
    [InlineData(25_000, 0, 0, 10_000, 2500)]
    [InlineData(125_000, 0, 20_000, 20_000, 20_000)]
    [InlineData(45_000, 0, 0, 20_000, 7500)]
    [InlineData(10_000, 30_000, 5000, 0, 12_500)]
    [InlineData(100_000, 0, 100_000, 0, 0)]
    public void Half_of_what_is_above_5000_then_of_what_is_left_above_10_000_at_most_20_000_each(
        long inScope, long classB, long funds, long basic, long tilt)
    {
        var grant = Granted(Impoverished, "2025-07-01", Settled(inScope, classB, funds));

        Assert.Equal((Yuan(basic), Yuan(tilt)), (grant.Grant.Basic, grant.Grant.Tilt));
        Assert.Equal((Yuan(Math.Max(0, inScope - funds)), Yuan(inScope + classB - funds)), (grant.BurdenBasic, grant.BurdenTilt));
    }

    [Fact]
    public void Where_funds_have_paid_more_than_is_in_scope_the_basic_burden_is_nothing()
    {
        var grant = Granted(Impoverished, "2025-07-01", Settled(1000, 500, 1200), Settled(2000));

        Assert.Equal((Yuan(2000), Yuan(2300)), (grant.BurdenBasic, grant.BurdenTilt));
    }

    //          discharge, whether an application of 2026-01-20 counts it
    [Theory]
    [InlineData("2025-01-19", false)]
    [InlineData("2025-01-20", true)]
    [InlineData("2026-01-19", true)]
    [InlineData("2026-01-20", false)]
    public void The_twelve_months_before_the_application_count(string discharged, bool counts)
        => Assert.Equal(counts ? Yuan(9000) : 0, Granted(Impoverished, "2026-01-20", Settled(9000, discharged: discharged)).BurdenBasic);

    [Theory]
    [InlineData(VisitType.Inpatient, true)]
    [InlineData(VisitType.Delivery, true)]
    [InlineData(VisitType.FamilyPlanning, true)]
    [InlineData(VisitType.Chronic, true)]
    [InlineData(VisitType.EmergencyOutpatient, false)]
    [InlineData(VisitType.OutpatientPooling, false)]
    [InlineData(VisitType.TwoDisease, false)]
    [InlineData(VisitType.Prenatal, false)]
    [InlineData(VisitType.AssistedReproduction, false)]
    public void Inpatient_and_chronic_settlements_count(VisitType type, bool counts)
        => Assert.Equal(counts ? Yuan(9000) : 0, Granted(Impoverished, "2025-07-01", Settled(9000, type: type)).BurdenBasic);

    [Fact]
    public void Settlements_of_another_region_do_not_count()
        => Assert.Equal(0, Granted(Impoverished, "2025-07-01", Settled(9000) with { Region = 211_100 }).BurdenBasic);

    [Fact]
    public void The_category_must_hold_on_the_day_of_application()
    {
        var person = Person().With(new GroupFact(SocialGroup.ImpoverishedByIllness, Day("2025-03-01"), Day("2025-05-31")));

        Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Apply(person, "2025-02-28")).Code);
        Granted(person, "2025-05-31");
        Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Apply(person, "2025-06-01")).Code);
        Assert.Equal(
            RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Apply(Person(InsuredCategory.Adult, SocialGroup.Orphan), "2025-05-31"))
            .Code);
    }

    [Fact]
    public void Not_again_within_twelve_months_but_a_grant_of_nothing_is_not_used_up()
    {
        var nothing = Granted(Impoverished, "2025-03-01").After;
        var paid = Granted(nothing, "2025-07-01", Settled(9000)).After;

        Assert.Equal(RefusalCode.LimitReached, Assert.IsType<Refusal>(Apply(paid, "2026-06-30", Settled(9000))).Code);
        Assert.Equal(RefusalCode.LimitReached, Assert.IsType<Refusal>(Apply(paid, "2025-05-01", Settled(9000, discharged: "2025-04-01")))
            .Code);
        Granted(paid, "2026-07-01");
    }

    [Fact]
    public void A_grant_moves_no_counter_and_is_in_no_reversals_way()
    {
        var person = Impoverished;
        var stay = Stay(FacilityLevel.Level3, 60_000);
        var settled = person.Settle(stay);
        var granted = Granted(settled.After, "2025-07-01", GrantSettlement.Of(stay, settled.Amounts)).After;

        Assert.Equal(settled.After.Counters.Yearly.ToArray(), granted.Counters.Yearly.ToArray());
        var target = new SettledEntry(stay.Facility.Code, 2025, settled.After.LastSequence, false);
        Assert.Null(Reversals.Reverse(granted, target, person, settled.After, Reversals.Agency, 9).Refusal);
    }

    //          discharge, visit type, whether the agency is told
    [Theory]
    [InlineData("2024-07-01", VisitType.Inpatient, true)]
    [InlineData("2025-06-30", VisitType.Chronic, true)]
    [InlineData("2025-07-01", VisitType.Inpatient, false)]
    [InlineData("2024-06-30", VisitType.Inpatient, false)]
    [InlineData("2025-06-30", VisitType.Prenatal, false)]
    public void The_agency_is_told_when_a_settlement_of_the_window_is_reversed(string discharged, VisitType type, bool told)
    {
        var claim = Visit(type, At(FacilityLevel.Level3), 1000, discharged);
        var paid = Granted(Impoverished, "2025-07-01", Settled(9000)).After;
        var nothing = Granted(Impoverished, "2025-07-01").After;

        Assert.Equal(told ? ReversalNotice.GrantWindow : ReversalNotice.None, Repository.Adjudicator.NoticeOnReversal(paid, claim));
        Assert.Equal(ReversalNotice.None, Repository.Adjudicator.NoticeOnReversal(nothing, claim));
    }

    [Theory]
    [InlineData(999_999, "2025-07-01", RefusalCode.NoPolicyInForce)]
    [InlineData(Shenyang, "2024-12-31", RefusalCode.NoPolicyInForce)]
    [InlineData(Shenyang, "9999-12-31", RefusalCode.InvalidFact)]
    public void Where_or_when_there_are_no_rules_it_is_refused(int region, string day, RefusalCode code)
    {
        var decision = Repository.Adjudicator.Grant(Impoverished, new GrantApplication(Day(day), region, []), 2);

        Assert.Equal(code, Assert.IsType<Refusal>(decision).Code);
    }
}
