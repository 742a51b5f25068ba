using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>
/// A city is a folder: Anshi does not exist, uses every option a pack has, and settles without a line of code of its own.
/// </summary>
public class FictionalCityTests
{
    private const int Anshi = 990200;
    private const int Neighbour = 990300;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "city");
    private static readonly PolicyCatalogue Catalogue = PolicyCatalogue.Load(Folder);
    private static readonly Adjudicator Rules = new(Catalogue);

    private static Pack City => Catalogue.Find(Anshi)!;

    private static Account Person(InsuredCategory category = InsuredCategory.Adult, params Fact[] facts)
    {
        Fact[] all =
        [
            new BirthFact(Day("2013-05-20")),
            new InsuredFact(Day("2020-01-01"), category),
            .. Enumerable.Range(2023, 4).Select(year => new ContributionFact(year, new DateOnly(year - 1, 10, 15))),
            .. facts,
        ];
        var outcome = Rules.Record(Account.Empty, all, Anshi, 1);
        Assert.True(outcome.Refusal is null, $"{outcome.Refusal?.Field} {outcome.Refusal?.Expected}");
        return outcome.After!;
    }

    private static Account Member(SocialGroup group) => Person(facts: new GroupFact(group, Day("2021-01-01")));

    private static Claim Visit(FacilityLevel level, long yuan, string day, int division = Anshi)
        => Stay(level, yuan, day, division) with { Region = Anshi };

    private static Claim Outpatient(VisitType visit, long yuan, string day, Facility? facility = null) =>
        Visit(FacilityLevel.Primary, yuan, day) with
    {
        VisitType = visit,
        AdmissionDate = null,
        Facility = facility ?? At(FacilityLevel.Primary, Anshi),
        Disease = visit == VisitType.TwoDisease ? Disease.Hypertension : Disease.None,
    };

    private static Adjudication Settle(Account account, Claim claim) =>
        Assert.IsType<Adjudication>(Rules.Settle(account, claim, account.LastSequence + 1));

    private static (long Deductible, long Pooled) Shares(Account account, Claim claim) =>
        (Settle(account, claim).Amounts.DeductibleStandard, Settle(account, claim).Amounts.Pooled);

    [Fact]
    public void It_gives_every_parameter_and_uses_every_choice()
    {
        var given = City.Parameters.Select(p => p.Id).ToHashSet();
        Assert.Equal("", string.Join(", ", ParameterSchema.All.Where(p => !given.Contains(p.Id)).Select(p => p.Name)));

        var said = City.Parameters.SelectMany(p => p.Values.SelectMany(v => v.Cells.Select(c => (p.Name, c.Text)))).ToHashSet();
        foreach (var choice in ParameterSchema.All.Where(p => p.Kind == ValueKind.Choice))
            Assert.All(choice.MemberNames(), m => Assert.Contains((choice.Name, m), said));
    }

    [Fact]
    public void It_uses_every_form_a_value_has()
    {
        var values = City.Parameters.SelectMany(p => p.Values).ToArray();

        Assert.Contains(values, v => v.Unpublished);
        Assert.Contains(values, v => v.Note is not null);
        Assert.Contains(values, v => v.ReviewedUntil == Day("2026-12-31"));
        Assert.Contains(values, v => v.Cells.Any(c => c.Text == "none"));
        Assert.Contains(values, v => v.Cells.Any(c => c.Text.Contains("upTo", StringComparison.Ordinal)));
        Assert.Contains(values, v => v.Cells.Any(c => c.Cell == "REFERRAL; INSIDE"));
        Assert.Contains(values, v => v.Citation.Document.Status == DocumentStatus.Repealed);
        Assert.Equal(Enum.GetValues<CounterId>().Where(c => c != CounterId.None), City.Counters.Select(c => c.Id));
    }

    [Fact]
    public void It_passes_the_lint_with_a_register_and_floors_of_its_own()
    {
        var report = PolicyLint.Check(Folder, Day("2026-06-01"));

        Assert.Equal("", string.Join('\n', report.Findings));
        Assert.Equal(["100000.00", "DELIVERY", "2 x 800.00 = 1600.00"], report.Rows.Select(r => r.PackValue));
        Assert.All(report.Rows, r => Assert.Equal(Verdict.Conforms, r.Verdict));
    }

    [Fact]
    public void Bands_in_2025_one_ratio_in_2026()
    {
        Assert.Equal(
            (Yuan(600), (9400 * 60) + (40_000 * 65) + (10_600 * 705 / 10)),
            Shares(Person(), Visit(FacilityLevel.Level3, 60_600, "2025-12-31")));
        Assert.Equal((Yuan(800), 59_800 * 70), Shares(Person(), Visit(FacilityLevel.Level3, 60_600, "2026-01-01")));
    }

    [Theory]
    [InlineData("2025-06-30", 2024)]
    [InlineData("2025-07-01", 2025)]
    [InlineData("2026-06-30", 2025)]
    public void The_benefit_year_begins_in_July(string day, int year) =>
        Assert.Equal(year, Settle(Person(), Visit(FacilityLevel.Level2, 1000, day)).BenefitYear);

    [Fact]
    public void The_deductible_falls_and_the_tumour_rule_holds_beside_it()
    {
        var stay = Visit(FacilityLevel.Level2, 5000, "2026-03-10");
        var once = Settle(Person(), stay with { Diagnoses = Diagnoses.OncologyTreatment }).After;

        Assert.Equal(Yuan(300), Shares(once, stay).Deductible);
        Assert.Equal(0, Shares(once, stay with { Diagnoses = Diagnoses.OncologyTreatment }).Deductible);
        var often = Settle(Settle(once, stay).After, stay).After;
        Assert.Equal(Yuan(150), Shares(often, stay).Deductible);
    }

    [Fact]
    public void A_level_2_stay_cost_children_less_in_2025()
    {
        Assert.Equal(Yuan(200), Shares(Person(InsuredCategory.Minor), Visit(FacilityLevel.Level2, 5000, "2025-12-31")).Deductible);
        Assert.Equal(Yuan(400), Shares(Person(InsuredCategory.Minor), Visit(FacilityLevel.Level2, 5000, "2026-01-01")).Deductible);
    }

    [Fact]
    public void An_emergency_without_a_contract_had_its_own_values_and_is_now_as_designated()
    {
        Claim Emergency(string day) =>
            Visit(FacilityLevel.Level2, 5000, day) with { Emergency = true,
            Facility = At(FacilityLevel.Level2, Anshi) with { Designated = false } };

        Assert.Equal((Yuan(1000), 4000 * 50), Shares(Person(), Emergency("2025-12-31")));
        Assert.Equal((Yuan(1000), 4000 * 60), Shares(Person(InsuredCategory.Minor), Emergency("2025-12-31")));
        Assert.Equal((Yuan(400), 4600 * 80), Shares(Person(), Emergency("2026-01-01")));
    }

    [Fact]
    public void Out_of_area_some_kinds_have_factors_and_some_values_of_their_own()
    {
        Claim Away(int division, string day = "2025-12-31") => Visit(FacilityLevel.Level2, 10_600, day, division);
        var critical = Away(Beijing) with { Emergency = true, Diagnoses = Diagnoses.ListedCriticalDisease };

        Assert.Equal((Yuan(1000), 9600 * 60), Shares(Person(), Away(Neighbour) with { Referral = true }));
        Assert.Equal((Yuan(1500), 9100 * 55), Shares(Person(), Away(Beijing) with { Referral = true }));
        Assert.Equal((Yuan(2000), 8600 * 45), Shares(Person(), Away(Beijing)));
        Assert.Equal((Yuan(600), 10_000 * 775 / 10), Shares(Person(), critical));
        Assert.Equal((Yuan(200), 10_400 * 80), Shares(Person(InsuredCategory.UniversityStudent), Away(Beijing)));
        Assert.Equal(Yuan(1500), Shares(Person(), Away(Beijing) with { Referral = true, Diagnoses = Diagnoses.MentalIllness }).Deductible);
        Assert.Equal(0, Shares(Person(), Away(Beijing, "2026-01-01") with { Referral = true, Diagnoses = Diagnoses.MentalIllness })
            .Deductible);
        Assert.Equal((0, 10_600 * 80), Shares(Person(), Away(Beijing) with { VisitType = VisitType.Delivery }));
    }

    [Fact]
    public void A_filing_made_by_the_recorded_day_keeps_its_validity()
    {
        FilingFact Permit(string filedOn) => new("F1", Beijing, FilingBasis.ResidencePermit, Day(filedOn), IssuedOn: Day(filedOn));
        OutOfAreaKind KindOn(FilingFact filing, string day) =>
            Settle(Person(facts: filing), Visit(FacilityLevel.Level2, 1000, day, Beijing)).OutOfAreaKind;

        Assert.Equal(OutOfAreaKind.LongTerm, KindOn(Permit("2025-03-31"), "2026-03-31"));
        Assert.Equal(OutOfAreaKind.LongTerm, KindOn(Permit("2025-04-01"), "2025-10-01"));
        Assert.Equal(OutOfAreaKind.Temporary, KindOn(Permit("2025-04-01"), "2025-10-02"));
    }

    [Fact]
    public void Serious_illness_was_capped_and_is_no_longer()
    {
        Claim Large(string day) => Visit(FacilityLevel.Level3, 200_000, day);

        Assert.Equal(
            (Yuan(80_000), Yuan(20_000)),
            (Settle(Person(), Large("2025-12-31")).Amounts.Pooled, Settle(Person(), Large("2025-12-31")).Amounts.SeriousIllness));
        Assert.Equal(
            (Yuan(100_000), (20_000 * 60) + (70_000 * 70)),
            (Settle(Person(), Large("2026-01-01")).Amounts.Pooled, Settle(Person(), Large("2026-01-01")).Amounts.SeriousIllness));
        Assert.Equal((115_000 * 75) + 0, Settle(Member(SocialGroup.Orphan), Large("2025-12-31")).Amounts.SeriousIllness);
        Assert.Equal((Yuan(20_000), 96_000 * 65), (
            Settle(Person(), Large("2025-12-31") with { Diagnoses = Diagnoses.ListedChildMajorDisease }).Amounts.SeriousIllness,
            Settle(Person(), Large("2026-01-01") with { Diagnoses = Diagnoses.ListedChildMajorDisease }).Amounts.SeriousIllness));
    }

    [Fact]
    public void Assistance_by_tiers_by_share_and_by_bed_day()
    {
        var (orphan, allowance) = (Member(SocialGroup.Orphan), Member(SocialGroup.MinimumLivingAllowance));
        Claim On(string day) => Visit(FacilityLevel.Level2, 5400, day);
        var mental = Diagnoses.SevereMentalDisorder;
        var tiers = Settle(allowance, On("2025-12-31")).Amounts;

        // In scope 5,400, deductible 400, the fund pays 4,000: a burden of 1,400.
        Assert.Equal((400 * 70, 0), (tiers.AssistanceBasic, tiers.AssistanceTilt));
        Assert.Equal(
            (1400 * 80, 280 * 60),
            (Settle(orphan, On("2025-12-31")).Amounts.AssistanceBasic, Settle(orphan, On("2025-12-31")).Amounts.AssistanceTilt));
        Assert.Equal(1400 * 90, Settle(orphan, On("2025-12-31") with { Diagnoses = mental }).Amounts.AssistanceOther);
        Assert.Equal(6 * 12_050, Settle(orphan, On("2026-01-01") with { Diagnoses = mental }).Amounts.AssistanceOther);
        Assert.Equal(12_050, Settle(orphan, On("2026-01-01") with { Diagnoses = mental, AdmissionDate = Day("2026-01-01") })
            .Amounts.AssistanceOther);
        Assert.Equal(Yuan(1400), Settle(orphan, On("2026-01-31") with { Diagnoses = mental, AdmissionDate = Day("2026-01-01") })
            .Amounts.AssistanceOther);
        Assert.Equal(
            AssistanceReason.NotOneStop,
            Settle(orphan, On("2026-01-01") with { Facility = At(FacilityLevel.Level2, Anshi) with { AssistanceDesignated = false } })
            .AssistanceReason);
    }

    [Fact]
    public void Assistance_on_known_payments_stands_beside_full_claims()
    {
        var known = Visit(FacilityLevel.Level2, 5000, "2026-03-10") with { KnownPayments = new KnownPayments(Yuan(4000), 0) };

        Assert.Equal(1000 * 80, Settle(Member(SocialGroup.Orphan), known).Amounts.AssistanceBasic);
        Assert.Equal(AssistanceReason.OutOfScope, Settle(Member(SocialGroup.Orphan), known with { VisitType = VisitType.HighValueDrug })
            .AssistanceReason);
        Assert.Equal(AssistanceReason.OnApplication, Settle(Member(SocialGroup.ImpoverishedByIllness), known).AssistanceReason);
        Assert.Equal(
            AssistanceReason.NotReferred, Settle(Member(SocialGroup.Orphan), known with { Facility = At(FacilityLevel.Level2, Beijing) })
            .AssistanceReason);
    }

    [Fact]
    public void Full_claims_raise_alerts_and_groups_are_admitted_without_a_deposit()
    {
        var relieved = Member(SocialGroup.PovertyRelieved);

        Assert.Equal(
            AlertKind.RelapseIntoPoverty, Alerts.Between(relieved, Settle(relieved, Visit(FacilityLevel.Level2, 8400, "2026-03-10")).After)
            .Single().Kind);
        Assert.Empty(Alerts.Between(Person(), Settle(Person(), Visit(FacilityLevel.Level2, 8400, "2026-03-10")).After));
        Assert.True(Rules.DepositWaived(Member(SocialGroup.Orphan), Visit(FacilityLevel.Level2, 100, "2026-03-10")));
        Assert.False(Rules.DepositWaived(relieved, Visit(FacilityLevel.Level2, 100, "2026-03-10")));
    }

    [Fact]
    public void Assistance_claimed_later_lowers_the_burden_and_withdraws_the_alert()
    {
        // In scope 12,400: the fund pays 9,600, serious illness nothing, the orphan's burden of 2,800 is above the 2,000 of the alert.
        var orphan = Member(SocialGroup.Orphan);
        var claim = Visit(
            FacilityLevel.Level2, 12_400,
            "2026-03-10") with { Facility = At(FacilityLevel.Level2, Anshi) with { AssistanceDesignated = false } };
        var settled = Settle(orphan, claim);
        var later = Assert.IsType<Adjudication>(
            Rules.AssistLater(
            settled.After, new AssistedSettlement(claim, settled.Amounts, settled.OutOfAreaKind, settled.After.LastSequence), 9));

        Assert.Equal(
            (Yuan(2800), 1),
            (settled.After.Counter(CounterId.PersonBurden, 2025), settled.After.Counter(CounterId.AlertRelapseIntoPoverty, 2025)));
        Assert.Equal(later.Amounts.PersonPays, later.After.Counter(CounterId.PersonBurden, 2025));
        Assert.Equal(
            new AlertChange(2025, AlertKind.RelapseIntoPoverty, false, later.Amounts.PersonPays),
            Alerts.Between(settled.After, later.After).Single());
    }

    [Fact]
    public void Outpatient_caps_were_joint_and_are_separate()
    {
        var filed = Person(facts: new TwoDiseaseFact(Disease.Hypertension, Day("2025-01-01")));
        var drugs = Outpatient(VisitType.TwoDisease, 2000, "2025-12-31", At(FacilityLevel.Level1, Anshi) with { Designated = false });
        Account DrugsFirst(string day) => Settle(filed, drugs with { DischargeDate = Day(day) }).After;

        Assert.Equal(Yuan(900), Settle(filed, drugs).Amounts.Pooled);
        Assert.Equal(0, Settle(DrugsFirst("2025-12-31"), Outpatient(VisitType.OutpatientPooling, 2000, "2025-12-31")).Amounts.Pooled);
        Assert.Equal(Yuan(250), Settle(filed, drugs with { DischargeDate = Day("2026-01-01") }).Amounts.Pooled);
        Assert.Equal(Yuan(800), Settle(DrugsFirst("2026-01-01"), Outpatient(VisitType.OutpatientPooling, 2000, "2026-01-01"))
            .Amounts.Pooled);
        Assert.Equal(
            940 * 55, Settle(
            Person(), Outpatient(
            VisitType.OutpatientPooling, 1000, "2026-01-01", At(FacilityLevel.Level2, Anshi) with { CountyLevel2 = true })).Amounts.Pooled);
    }

    [Fact]
    public void From_2027_outpatient_pooling_is_counted_by_the_quarter_at_the_chosen_facility()
    {
        var visit = Outpatient(VisitType.OutpatientPooling, 1000, "2027-02-10");
        var person = Person(facts: new ContributionFact(2027, Day("2026-10-15")));
        var chosen = Person(facts: new ChosenFacilityFact(2027, visit.Facility.Code, FacilityKind.General));

        Assert.Equal(RefusalCode.NotChosenFacility, Assert.IsType<Refusal>(Rules.Settle(person, visit, 2)).Code);
        Assert.Equal((Yuan(30), Yuan(200)), Shares(chosen, visit));
        Assert.Equal(
            160 * 50, Settle(Settle(chosen, visit with { Totals = new ClaimTotals(Yuan(110), 0, 0, 0, 0) })
            .After, visit with { Totals = new ClaimTotals(Yuan(160), 0, 0, 0, 0) }).Amounts.Pooled);
    }

    [Fact]
    public void Employees_were_covered_by_spells_and_are_by_intervals()
    {
        var person = Person(
            facts: [new EmployeeSpellFact(Day("2025-01-01"), Day("2025-12-31")), new CoverageFact(Day("2026-01-01"), Day("2026-06-30"))]);
        Claim Claimed(string day) => Visit(FacilityLevel.Level2, 5300, day) with { Scheme = Scheme.Employee };

        Assert.Equal((Yuan(300), 5000 * 84), Shares(person, Claimed("2025-12-31") with { AdmissionDate = Day("2025-12-30") }));
        Assert.Equal((Yuan(300), 5000 * 84), Shares(person, Claimed("2026-06-30")));
        Assert.Equal(RefusalCode.NotCovered, Assert.IsType<Refusal>(Rules.Settle(person, Claimed("2026-08-10"), 9)).Code);
    }
}
