using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.5: outpatient pooling, quarter by quarter, at the chosen facility and its village clinics.</summary>
public class OutpatientPoolingRuleTests
{
    private const int Tianjin = 120100;

    private static readonly Facility Township = At(FacilityLevel.Primary) with { Code = "T1", Kind = FacilityKind.TownshipHospital };
    private static readonly Facility Village = At(
        FacilityLevel.Primary) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" };

    private static Account Chooser(
        InsuredCategory category = InsuredCategory.Adult, string code = "T1", FacilityKind kind = FacilityKind.TownshipHospital)
        => Person(category).With(new ChosenFacilityFact(2025, code, kind));

    private static Claim At(Facility facility, long yuan, string day = "2025-02-03", long feeFen = 0)
        => Visit(VisitType.OutpatientPooling, facility, yuan, day) with { GeneralFee = feeFen };

    private static Facility At(FacilityLevel level, int division = Shenyang) => Scene.At(level, division);

    [Fact]
    public void Each_quarter_40_are_deducted_once_55_percent_are_paid_and_150_at_most()
    {
        var first = Chooser().Settle(At(Township, 30));
        var second = first.After.Settle(At(Township, 110));
        var third = second.After.Settle(At(Township, 300, "2025-03-31"));
        var fourth = third.After.Settle(At(Township, 300, "2025-04-01"));

        Assert.Equal((Yuan(40), Yuan(30), 0), (first.Amounts.DeductibleStandard, first.Amounts.DeductiblePaid, first.Amounts.Pooled));
        Assert.Equal(
            (Yuan(40), Yuan(10), Yuan(55)), (second.Amounts.DeductibleStandard, second.Amounts.DeductiblePaid, second.Amounts.Pooled));
        Assert.Equal((Yuan(40), 0, Yuan(95)), (third.Amounts.DeductibleStandard, third.Amounts.DeductiblePaid, third.Amounts.Pooled));
        Assert.Equal(
            (Yuan(40), Yuan(40), Yuan(143)), (fourth.Amounts.DeductibleStandard, fourth.Amounts.DeductiblePaid, fourth.Amounts.Pooled));
    }

    //          service date, quarter
    [Theory]
    [InlineData("2025-01-01", 1)]
    [InlineData("2025-03-31", 1)]
    [InlineData("2025-04-01", 2)]
    [InlineData("2025-06-30", 2)]
    [InlineData("2025-07-01", 3)]
    [InlineData("2025-12-31", 4)]
    public void Quarters_are_those_of_the_calendar(string day, int quarter)
    {
        var after = Chooser().Settle(At(Township, 140, day)).After;

        Assert.Equal(
            (Yuan(40), Yuan(55)),
            (after.Counter(CounterId.QuarterDeductiblePaid, 2025, quarter), after.Counter(CounterId.QuarterPooledPaid, 2025, quarter)));
    }

    [Fact]
    public void The_general_fee_is_paid_at_80_percent_without_deductible_inside_the_cap()
    {
        var fee = Chooser().Settle(At(Township, 10, feeFen: Yuan(10)));
        var both = fee.After.Settle(At(Township, 60, feeFen: Yuan(10)));

        Assert.Equal((0, Yuan(8)), (fee.Amounts.DeductiblePaid, fee.Amounts.Pooled));
        Assert.Equal((Yuan(40), Yuan(8) + 550), (both.Amounts.DeductiblePaid, both.Amounts.Pooled));
        Assert.Equal(Yuan(150), both.After.Settle(At(Township, 400, "2025-04-03", Yuan(10))).Amounts.Pooled);
    }

    [Fact]
    public void Fee_and_costs_are_rounded_once()
    {
        var after = Chooser().After(At(Township, 40));
        var visit = At(Township, 0, feeFen: 1) with { Totals = new ClaimTotals(2, 0, 0, 0, 0) };

        // 0.80 + 0.55 fen
        Assert.Equal(1, after.Settle(visit).Amounts.Pooled);
    }

    [Fact]
    public void Village_clinics_share_deductible_and_cap_and_have_50_a_quarter_of_their_own()
    {
        var first = Chooser().Settle(At(Village, 100));
        var second = first.After.Settle(At(Village, 100));
        var third = second.After.Settle(At(Township, 1000));

        Assert.Equal((Yuan(40), Yuan(33)), (first.Amounts.DeductiblePaid, first.Amounts.Pooled));
        Assert.Equal(Yuan(17), second.Amounts.Pooled);
        Assert.Equal(Yuan(100), third.Amounts.Pooled);
        Assert.Equal(
            (Yuan(50), Yuan(150)),
            (third.After.Counter(CounterId.QuarterVillagePaid, 2025, 1), third.After.Counter(CounterId.QuarterPooledPaid, 2025, 1)));
    }

    //          fee in fen, paid in fen
    [Theory]
    [InlineData(40, 0)]
    [InlineData(50, 0)]
    [InlineData(100, 50)]
    [InlineData(600, 550)]
    [InlineData(800, 550)]
    public void Of_a_village_fee_up_to_6_the_person_pays_half_a_yuan(long fee, long paid)
    {
        var visit = At(Village, 0, feeFen: fee) with { Totals = new ClaimTotals(fee, 0, 0, 0, 0) };
        var settled = Chooser().Settle(visit).Amounts;

        Assert.Equal((paid, fee - paid), (settled.Pooled, settled.PersonPays));
    }

    [Fact]
    public void Village_fees_are_paid_up_to_11_a_year()
    {
        var visit = At(Village, 6, feeFen: 600);
        var twice = Chooser().After(visit, visit);

        Assert.Equal(Yuan(11), twice.Counter(CounterId.VillageGeneralFeePaid, 2025));
        Assert.Equal(0, twice.Settle(visit with { DischargeDate = Day("2025-10-03") }).Amounts.Pooled);
    }

    [Fact]
    public void When_the_cap_binds_the_village_fee_is_paid_first()
    {
        // 45.10 of the 50 are used up.
        var settled = Chooser().After(At(Village, 122)).Settle(At(Village, 56, feeFen: 600));

        Assert.Equal((490, 490), (settled.Amounts.Pooled, settled.After.Counter(CounterId.VillageGeneralFeePaid, 2025)));
    }

    [Fact]
    public void Only_at_the_chosen_facility_and_the_village_clinics_of_a_chosen_township_hospital()
    {
        var centre = At(FacilityLevel.Primary) with { Code = "C1", Kind = FacilityKind.CommunityCentre };

        Refused(Chooser(), At(centre, 100));
        Refused(Chooser(), At(Village with { Parent = "T2" }, 100));
        Refused(Chooser(), At(Township with { Code = "X", Parent = "T1" }, 100));
        Refused(Chooser(code: "C1", kind: FacilityKind.CommunityCentre), At(Village with { Parent = "C1" }, 100));
        Refused(Person(), At(Township, 100));
        Refused(Chooser(), At(Township, 100, "2026-02-03"));
        Assert.Equal(Yuan(33), Chooser(code: "C1", kind: FacilityKind.CommunityCentre).Settle(At(centre, 100)).Amounts.Pooled);
    }

    private static void Refused(Account person, Claim claim) => Assert.Equal(RefusalCode.NotChosenFacility, person.Refused(claim).Code);

    [Fact]
    public void The_choice_is_fixed_for_the_calendar_year()
    {
        var outcome = Repository.Adjudicator.Record(
            Chooser(), [new ChosenFacilityFact(2025, "C9", FacilityKind.CommunityCentre)], Shenyang, 9);

        Assert.Equal(RefusalCode.ChoiceFixed, outcome.Refusal!.Code);
        Assert.Equal(Chooser().Facts.ChosenFacilities.ToArray(), Chooser()
            .With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital)).Facts.ChosenFacilities.ToArray());
        Chooser().With(new ChosenFacilityFact(2026, "C9", FacilityKind.CommunityCentre));
    }

    //          level, whether the chosen facility at the filed place is paid
    [Theory]
    [InlineData(FacilityLevel.Primary, true)]
    [InlineData(FacilityLevel.Level1, true)]
    [InlineData(FacilityLevel.Level2, true)]
    [InlineData(FacilityLevel.Level3, false)]
    [InlineData(FacilityLevel.SpecialLevel3, false)]
    [InlineData(FacilityLevel.Unrated, false)]
    public void A_long_term_resident_may_choose_one_of_level_2_or_below_at_the_filed_place(FacilityLevel level, bool paid)
    {
        var there = At(level, Tianjin) with { Code = "TJ" };
        var person = Chooser(code: "TJ", kind: FacilityKind.General)
            .With(new FilingFact("F1", Tianjin, FilingBasis.PropertyDeed, Day("2025-02-01")));

        if (paid)
            Assert.Equal(
                (OutOfAreaKind.LongTerm, Yuan(33)),
                (person.Settle(At(there, 100)).OutOfAreaKind, person.Settle(At(there, 100)).Amounts.Pooled));
        else
            Refused(person, At(there, 100));

        Refused(person, At(there, 100, "2025-01-31"));
        Refused(person, At(there with { Code = "TJ9" }, 100));
        Refused(person, At(Township, 100));
    }

    //          level, whether a university student is paid there outside the city
    [Theory]
    [InlineData(FacilityLevel.Primary, false)]
    [InlineData(FacilityLevel.Level1, true)]
    [InlineData(FacilityLevel.Level2, true)]
    [InlineData(FacilityLevel.Level3, true)]
    [InlineData(FacilityLevel.SpecialLevel3, true)]
    [InlineData(FacilityLevel.Unrated, false)]
    public void A_university_student_may_use_any_of_level_1_or_above_outside_and_keeps_the_local_choice(FacilityLevel level, bool paid)
    {
        var person = Chooser(InsuredCategory.UniversityStudent);
        var away = At(At(level, Shanghai), 100);

        if (paid)
            Assert.Equal(Yuan(33), person.Settle(away).Amounts.Pooled);
        else
            Refused(person, away);

        Assert.Equal(Yuan(33), person.Settle(At(Township, 100)).Amounts.Pooled);
        Refused(person, At(At(level), 100));
        Refused(Chooser(), away);
    }

    [Fact]
    public void The_yearly_cap_of_the_fund_holds_and_the_quarter_counts_what_was_paid()
    {
        var after = Chooser().After(Stay(FacilityLevel.Level3, 200_560, "2025-01-10")).Settle(At(Township, 190));

        Assert.Equal(Yuan(30), after.Amounts.Pooled);
        Assert.Equal(Yuan(30), after.After.Counter(CounterId.QuarterPooledPaid, 2025, 1));
    }
}
