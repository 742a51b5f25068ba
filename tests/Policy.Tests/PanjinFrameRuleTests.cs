using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 8, around the tiers: years, places, filings, chronic visits, and the grant on application.</summary>
public class PanjinFrameRuleTests
{
    private const int Panjin = 211100;

    private static Account Person(params Fact[] facts) =>
        Repository.Adjudicator.Record(Account.Empty, [new BirthFact(Day("1980-05-20")), .. facts], Panjin, 1).After!;

    private static Account Orphan(params Fact[] facts) => Person([new GroupFact(SocialGroup.Orphan, Day("2021-01-01")), .. facts]);

    private static Account Impoverished() => Person(new GroupFact(SocialGroup.ImpoverishedByIllness, Day("2021-01-01")));

    private static Claim Burden(long yuan, string day = "2025-03-10", int division = Panjin) =>
        Stay(FacilityLevel.Level3, yuan, day, division) with
    {
        Region = Panjin,
        KnownPayments = new KnownPayments(0, 0),
    };

    private static GrantSettlement Settled(long yuan, string discharged = "2025-03-10", VisitType visit = VisitType.Inpatient) =>
        new(Panjin, visit, Day(discharged), Yuan(yuan), 0, 0);

    private static Decision Apply(Account account, string day, params GrantSettlement[] settlements)
        => Repository.Adjudicator.Grant(account, new GrantApplication(Day(day), Panjin, [.. settlements]), account.LastSequence + 1);

    [Fact]
    public void The_benefit_year_begins_on_the_first_of_January()
    {
        Assert.Equal(2024, Orphan().Settle(Burden(900, "2024-12-31")).BenefitYear);
        Assert.Equal(2025, Orphan().Settle(Burden(900, "2025-01-01")).BenefitYear);
    }

    [Theory]
    [InlineData(710_000)]
    [InlineData(810_000)]
    [InlineData(820_000)]
    public void Nothing_is_paid_off_the_mainland(int division) =>
        Assert.Equal(RefusalCode.NotPayableRegion, Orphan().Refused(Burden(900, division: division)).Code);

    [Fact]
    public void A_chronic_visit_is_assisted_and_watched()
    {
        var visit = Burden(10_000) with { VisitType = VisitType.Chronic, AdmissionDate = null };
        var settled = Orphan().Settle(visit);

        Assert.Equal((10_000 * 70L, 3000 * 70L), (settled.Amounts.AssistanceBasic, settled.Amounts.AssistanceTilt));
        Assert.Equal(900 * 100L, settled.After.Counter(CounterId.PersonBurden, 2025));
    }

    //           basis                          filed         issued        holds on      and no longer on
    [Theory]
    [InlineData(FilingBasis.ResidencePermit, "2025-06-01", "2025-06-01", "2026-06-01", "2026-06-02")]
    [InlineData(FilingBasis.ResidencePermit, "2025-06-01", "2025-03-15", "2026-03-15", "2026-03-16")]
    [InlineData(FilingBasis.ResidencePermit, "2025-05-31", "2025-03-15", "2027-03-15", null)]
    [InlineData(FilingBasis.HouseholdRegister, "2025-06-01", null, "2027-03-15", null)]
    public void A_filing_holds_for_a_year_from_the_issue_of_a_permit_and_those_to_the_end_of_May_2025_as_recorded(
        FilingBasis basis, string filed, string? issued, string holds, string? ended)
    {
        var person = Orphan(new FilingFact("F1", Beijing, basis, Day(filed), issued is null ? null : Day(issued)));

        Assert.Equal(OutOfAreaKind.LongTerm, person.Settle(Burden(900, holds, Beijing)).OutOfAreaKind);
        if (ended is not null)
            Assert.Equal(OutOfAreaKind.Temporary, person.Settle(Burden(900, ended, Beijing)).OutOfAreaKind);
    }

    [Fact]
    public void A_filing_may_be_ended_after_six_months()
    {
        var filed = Orphan(new FilingFact("F1", Beijing, FilingBasis.HouseholdRegister, Day("2025-06-10")));
        RecordOutcome End(string day) => Repository.Adjudicator.Record(filed, [new FilingEndFact("F1", Day(day))], Panjin, 2);

        Assert.Equal(RefusalCode.TooEarly, End("2025-12-09").Refusal!.Code);
        Assert.Null(End("2025-12-10").Refusal);
    }

    //           burden; basic, tilt
    [Theory]
    [InlineData(5000, 0, 0)]
    [InlineData(9000, 2000, 0)]
    [InlineData(25_000, 10_000, 4000)]
    [InlineData(200_000, 20_000, 15_000)]
    public void The_grant_is_half_of_what_is_above_5000_then_above_7000_at_most_20_000_and_15_000(long burden, long basic, long tilt)
    {
        var grant = Assert.IsType<IllnessGrant>(Apply(Impoverished(), "2025-07-01", Settled(burden))).Grant;

        Assert.Equal((Yuan(basic), Yuan(tilt)), (grant.Basic, grant.Tilt));
    }

    //           discharge, whether an application of 2026-01-20 counts it
    [Theory]
    [InlineData("2025-01-19", false)]
    [InlineData("2025-01-20", true)]
    [InlineData("2026-01-19", true)]
    [InlineData("2026-01-20", false)]
    public void The_grant_counts_the_twelve_months_before_the_application(string discharged, bool counts)
        => Assert.Equal(counts ? Yuan(9000) : 0, Assert.IsType<IllnessGrant>(Apply(Impoverished(), "2026-01-20", Settled(9000, discharged)))
            .BurdenBasic);

    [Theory]
    [InlineData(VisitType.Inpatient, true)]
    [InlineData(VisitType.Chronic, true)]
    [InlineData(VisitType.HighValueDrug, false)]
    [InlineData(VisitType.OutpatientPooling, false)]
    public void The_grant_counts_admissions_and_chronic_visits(VisitType visit, bool counts)
        => Assert.Equal(counts
            ? Yuan(9000)
            : 0, Assert.IsType<IllnessGrant>(Apply(Impoverished(), "2025-07-01", Settled(9000, visit: visit))).BurdenBasic);

    [Fact]
    public void Another_grant_has_to_wait_twelve_months()
    {
        var granted = Assert.IsType<IllnessGrant>(Apply(Impoverished(), "2025-07-01", Settled(9000))).After;

        Assert.Equal(RefusalCode.LimitReached, Assert.IsType<Refusal>(Apply(granted, "2026-06-30", Settled(9000, "2026-03-10"))).Code);
        Assert.IsType<IllnessGrant>(Apply(granted, "2026-07-01", Settled(9000, "2026-03-10")));
    }

    [Fact]
    public void Only_the_impoverished_by_illness_may_apply()
        => Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Apply(Orphan(), "2025-07-01", Settled(9000))).Code);
}
