using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 8: assistance in Panjin, on what the insurance has paid already.</summary>
public class PanjinRuleTests
{
    private const int Panjin = 211100;

    private static Account Person(params SocialGroup[] groups)
        => Repository.Adjudicator.Record(
            Account.Empty, [new BirthFact(Day("1980-05-20")), .. groups.Select(g => new GroupFact(g, Day("2021-01-01")))], Panjin, 1)
            .After!;

    /// <summary>A stay whose burden after the insurance is all in scope.</summary>
    private static Claim Burden(long yuan, string day = "2025-03-10", VisitType visit = VisitType.Inpatient, int division = Panjin) =>
        Stay(FacilityLevel.Level3, yuan + 1000, day, division) with
    {
        Region = Panjin,
        VisitType = visit,
        AdmissionDate = visit == VisitType.Inpatient ? Day(day) : null,
        KnownPayments = new KnownPayments(Yuan(1000), 0),
    };

    //           category                                   burden   basic           tilt
    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient, 10_000, 10_000 * 70, 3000 * 70)]
    [InlineData(SocialGroup.Orphan, 10_000, 10_000 * 70, 3000 * 70)]
    [InlineData(SocialGroup.MinimumLivingAllowance, 10_000, 10_000 * 70, 1000 * 60)]
    [InlineData(SocialGroup.AllowanceEdge, 12_000, 10_000 * 60, 3000 * 50)]
    public void The_two_tiers(SocialGroup category, long burden, long basic, long tilt)
    {
        var amounts = Person(category).Settle(Burden(burden)).Amounts;

        Assert.Equal((basic, tilt), (amounts.AssistanceBasic, amounts.AssistanceTilt));
        Assert.Equal(Yuan(burden) - basic - tilt, amounts.PersonPays);
    }

    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient)]
    [InlineData(SocialGroup.Orphan)]
    [InlineData(SocialGroup.MinimumLivingAllowance)]
    [InlineData(SocialGroup.AllowanceEdge)]
    public void Each_tier_ends_at_its_yearly_cap(SocialGroup category)
    {
        var amounts = Person(category).Settle(Burden(200_000)).Amounts;

        Assert.Equal((Yuan(20_000), Yuan(20_000)), (amounts.AssistanceBasic, amounts.AssistanceTilt));
    }

    [Fact]
    public void Reasons_in_their_order()
    {
        Claim drug = Burden(900, visit: VisitType.HighValueDrug, division: Beijing), away = Burden(900, division: Beijing);

        Assert.Equal(AssistanceReason.NotAssisted, Person().Settle(drug).AssistanceReason);
        Assert.Equal(AssistanceReason.NotAssisted, Person(SocialGroup.MonitoredPoor).Settle(drug).AssistanceReason);
        Assert.Equal(AssistanceReason.OnApplication, Person(SocialGroup.ImpoverishedByIllness).Settle(drug).AssistanceReason);
        Assert.Equal(AssistanceReason.OutOfScope, Person(SocialGroup.Orphan).Settle(drug).AssistanceReason);
        Assert.Equal(AssistanceReason.NotReferred, Person(SocialGroup.Orphan).Settle(away).AssistanceReason);
        Assert.Equal(AssistanceReason.None, Person(SocialGroup.Orphan).Settle(away with { Referral = true }).AssistanceReason);
    }

    [Fact]
    public void What_is_not_published_is_refused_by_name_where_it_is_needed()
    {
        var relieved = Person(SocialGroup.PovertyRelieved);

        Assert.Equal(
            (Parameter.AssistanceBasicDeductible, "POVERTY_RELIEVED"),
            (relieved.Refused(Burden(900)).Parameter, relieved.Refused(Burden(900)).Cell));
        Assert.Equal(AssistanceReason.NotReferred, relieved.Settle(Burden(900, division: Beijing)).AssistanceReason);
        var mental = Person(SocialGroup.Orphan).Refused(Burden(900) with { Diagnoses = Diagnoses.SevereMentalDisorder });
        Assert.Equal((RefusalCode.UnpublishedParameter, Parameter.AssistanceSevereMentalBedDay), (mental.Code, mental.Parameter));
        Assert.StartsWith("盘政办发〔2022〕24号", mental.Document, StringComparison.Ordinal);
        Assert.Equal(Parameter.BenefitVisitTypes, Person(SocialGroup.Orphan).Refused(Burden(900) with { KnownPayments = null }).Parameter);
    }

    [Theory]
    [InlineData(-1, 0, "pooled")]
    [InlineData(100_001, 0, "pooled")]
    [InlineData(50_000, -1, "seriousIllness")]
    [InlineData(50_000, 50_001, "seriousIllness")]
    public void Known_payments_lie_within_the_compliant_costs(long pooled, long seriousIllness, string field)
    {
        var refusal = Person().Refused(Burden(0) with { KnownPayments = new KnownPayments(pooled, seriousIllness) });

        Assert.Equal((RefusalCode.TotalsDoNotAddUp, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void Grounds_of_refusal_in_their_order()
    {
        var claim = Burden(900, "2022-12-31", VisitType.OutpatientPooling, 810_000);
        Assert.Equal(RefusalCode.UnpublishedParameter, Person().Refused(claim with { Region = Shenyang }).Code);
        Assert.Equal(RefusalCode.NoPolicyInForce, Person().Refused(claim).Code);
        claim = claim with { DischargeDate = Day("2023-01-01") };
        Assert.Equal(RefusalCode.NotPayableRegion, Person().Refused(claim).Code);
        claim = claim with { Facility = At(FacilityLevel.Level3, Panjin) with { Designated = false } };
        Assert.Equal(RefusalCode.ConditionNotMet, Person().Refused(claim).Code);
        Assert.IsType<Adjudication>(Person().Decide(claim with { VisitType = VisitType.Chronic }));
    }

    // groups                                                                                  kind                            threshold
    [Theory]
    [InlineData(new[] { SocialGroup.SpecialCareRecipient }, AlertKind.RelapseIntoPoverty, 5_000)]
    [InlineData(new[] { SocialGroup.Orphan }, AlertKind.RelapseIntoPoverty, 5_000)]
    [InlineData(new[] { SocialGroup.MinimumLivingAllowance }, AlertKind.RelapseIntoPoverty, 5_000)]
    [InlineData(new[] { SocialGroup.PovertyRelieved }, AlertKind.RelapseIntoPoverty, 5_000)]
    [InlineData(new[] { SocialGroup.AllowanceEdge, SocialGroup.MonitoredPoor }, AlertKind.RelapseIntoPoverty, 5_000)]
    [InlineData(new[] { SocialGroup.PovertyRelieved, SocialGroup.MonitoredPoor }, AlertKind.PovertyByIllness, 20_000)]
    [InlineData(new[] { SocialGroup.ImpoverishedByIllness }, AlertKind.PovertyByIllness, 20_000)]
    [InlineData(new[] { SocialGroup.MonitoredPoor }, AlertKind.PovertyByIllness, 20_000)]
    [InlineData(new SocialGroup[0], AlertKind.PovertyByIllness, 20_000)]
    public void An_alert_is_raised_once_when_the_years_burden_reaches_its_threshold(SocialGroup[] groups, AlertKind kind, long threshold)
    {
        var person = Person(groups);
        var below = person.Settle(
            Burden(0, visit: VisitType.HighValueDrug) with { Totals = new ClaimTotals(Yuan(threshold) + Yuan(1000) - 1, 0, 0, 0, 0) });
        Assert.Empty(Alerts.Between(person, below.After));

        var reached = below.After.Settle(
            Burden(0, visit: VisitType.HighValueDrug) with { Totals = new ClaimTotals(Yuan(1000) + 1, 0, 0, 0, 0) });
        Assert.Equal(new AlertChange(2025, kind, true, Yuan(threshold)), Alerts.Between(below.After, reached.After).Single());
        Assert.Contains(reached.Steps, s => s.Code == StepCode.AlertRaised);

        var more = reached.After.Settle(Burden(3000, visit: VisitType.HighValueDrug));
        Assert.Empty(Alerts.Between(reached.After, more.After));
    }

    [Fact]
    public void Employees_are_watched_from_50000()
    {
        Claim On(long yuan) => Burden(yuan) with { Scheme = Scheme.Employee };

        Assert.Empty(Alerts.Between(Person(), Person().Settle(On(49_999)).After));
        Assert.Equal(AlertKind.PovertyByIllness, Alerts.Between(Person(), Person().Settle(On(50_000)).After).Single().Kind);
    }

    [Fact]
    public void A_reversal_withdraws_the_alert_that_its_settlement_raised()
    {
        var before = Person().After(Burden(15_000));
        var claim = Burden(6000, "2025-04-10");
        var settled = before.Settle(claim);
        var target = new SettledEntry(claim.Facility.Code, 2025, settled.After.LastSequence, false);
        var after = Reversals.Reverse(settled.After, target, before, settled.After, Reversals.Agency, settled.After.LastSequence + 1)
            .After!;

        Assert.Equal(new AlertChange(2025, AlertKind.PovertyByIllness, false, Yuan(15_000)), Alerts.Between(settled.After, after).Single());
    }

    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient, true)]
    [InlineData(SocialGroup.Orphan, true)]
    [InlineData(SocialGroup.MinimumLivingAllowance, true)]
    [InlineData(SocialGroup.AllowanceEdge, true)]
    [InlineData(SocialGroup.MonitoredPoor, true)]
    [InlineData(SocialGroup.PovertyRelieved, false)]
    [InlineData(SocialGroup.ImpoverishedByIllness, false)]
    public void The_deposit_is_waived_for_its_groups_in_the_city(SocialGroup group, bool waived)
    {
        var person = Person(group);
        bool Waived(Claim claim) => Repository.Adjudicator.DepositWaived(person, claim);

        Assert.Equal(waived, Waived(Burden(100)));
        Assert.False(Waived(Burden(100, division: Shenyang)));
        Assert.False(Waived(Burden(100) with { Facility = At(FacilityLevel.Level3, Panjin) with { Designated = false } }));
        Assert.False(Waived(Burden(100, "2022-12-31")));
        Assert.False(Waived(Burden(100, visit: VisitType.Chronic)));
        Assert.False(Waived(Burden(100) with { Region = Shenyang }));
    }

    [Fact]
    public void The_slip_has_the_in_scope_costs_in_one_row()
    {
        var claim = Burden(
            0) with { Totals = Totals(10_000, selfFunded: 100, preSelfPay: 2000),
            KnownPayments = new KnownPayments(Yuan(5000), Yuan(6500)) };
        var settled = Person(SocialGroup.Orphan).Settle(claim);
        var rows = settled.Matrix().Rows;

        Assert.Equal([CostBand.SelfFunded, CostBand.PreSelfPay, CostBand.InScope], rows.Select(r => r.Band));
        Assert.Equal(
            (settled.Amounts.Pooled, settled.Amounts.SeriousIllness, settled.Amounts.AssistanceTilt),
            (rows.Sum(r => r.Pooled), rows.Sum(r => r.SeriousIllness), rows.Sum(r => r.AssistanceTilt)));
        Assert.Equal(settled.Amounts.PersonPays, rows.Sum(r => r.Person));
        Assert.All(rows, r => Assert.True(r.Person >= 0));
    }
}
