using static Settlement.Policy.Tests.BenxiScene;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 7: Benxi through time, read out of the before/after pairs of its register.</summary>
public class BenxiRuleTests
{
    private static string[] Explained(Adjudication settled) =>
        [.. settled.Steps.Select(s => Explainer.Default.Explain(s, settled, Repository.Catalogue.Find(Benxi)!, Language.En))
            .Select(s => s.Citation is { } c && c.Document.Number != "本医保发〔2020〕22号" ? $"{s.Text} [{c}]" : s.Text)];

    [Fact]
    public void The_same_stay_under_three_dates_gives_three_explained_results()
    {
        var stay = Visit(FacilityLevel.Level3, 40_000, "2022-10-31", FacilityGrade.Grade3B);
        var orphan = Resident(InsuredCategory.Adult, new GroupFact(SocialGroup.Orphan, Day("2020-01-01")));
        var old = orphan.Settle(stay);
        var between = orphan.Settle(stay with { DischargeDate = Day("2022-11-01") });
        var now = orphan.Settle(stay with { AdmissionDate = Day("2022-12-30"), DischargeDate = Day("2023-01-01") });

        // 2020-01-01: 500, 55 %, 70 % above 6,750      2022-11-01: 800, 65 %      2023-01-01: 75 % above 6,750
        Assert.Equal(
            (Yuan(500), 39_500 * 55L, (40_000_00 - (39_500 * 55L) - 6_750_00) * 70 / 100),
            (old.Amounts.DeductibleStandard, old.Amounts.Pooled, old.Amounts.SeriousIllness));
        Assert.Equal(
            (Yuan(800), 39_200 * 65L, (40_000_00 - (39_200 * 65L) - 6_750_00) * 70 / 100),
            (between.Amounts.DeductibleStandard, between.Amounts.Pooled, between.Amounts.SeriousIllness));
        Assert.Equal(
            (Yuan(800), 39_200 * 65L, (40_000_00 - (39_200 * 65L) - 6_750_00) * 75 / 100),
            (now.Amounts.DeductibleStandard, now.Amounts.Pooled, now.Amounts.SeriousIllness));

        Assert.Contains("Inpatient deductible: 500.00 yuan [本医保发〔2019〕39号 第三章 第十八条（一）]", Explained(old));
        Assert.Contains("Inpatient ratio of the pooled fund: 39500.00 yuan x 55 % = 21725.00 [本医保发〔2019〕39号 第三章 第十九条（一）1]", Explained(old));
        Assert.Contains("Serious illness, accumulated, above 6750.00: 11525.00 yuan x 70 % = 8067.50", Explained(old));
        Assert.Contains("Inpatient deductible: 800.00 yuan [本医保发〔2022〕26号 第一部分（二）]", Explained(between));
        Assert.Contains("Inpatient ratio of the pooled fund: 39200.00 yuan x 65 % = 25480.00 [本医保发〔2022〕26号 第一部分（二）]", Explained(between));
        Assert.Contains("Serious illness, accumulated, above 6750.00: 7770.00 yuan x 70 % = 5439.00", Explained(between));
        Assert.Contains(
            "Serious illness, accumulated, above 6750.00: 7770.00 yuan x 75 % = 5827.50 [本政办发〔2022〕30号 第三部分（三）]", Explained(now));
        Assert.All([old, between, now], s => Assert.Equal(AssistanceReason.UnpublishedParameter, s.AssistanceReason));
        Assert.Contains("No assistance now: no assistance values are published [本政办发〔2022〕30号 第四部分]", Explained(now));
    }

    //           level                  to 2022-10-31       from 2022-11-01
    [Theory]
    [InlineData(FacilityLevel.Primary, 200, 85, 200, 85)]
    [InlineData(FacilityLevel.Level1, 400, 75, 400, 80)]
    [InlineData(FacilityLevel.Level2, 400, 75, 400, 80)]
    public void The_table(FacilityLevel level, long oldDeductible, long oldPercent, long deductible, long percent)
    {
        var old = Resident().Settle(Visit(level, 10_000, "2022-10-31")).Amounts;
        var now = Resident().Settle(Visit(level, 10_000, "2022-11-01")).Amounts;

        Assert.Equal((Yuan(oldDeductible), (10_000 - oldDeductible) * oldPercent), (old.DeductibleStandard, old.Pooled));
        Assert.Equal((Yuan(deductible), (10_000 - deductible) * percent), (now.DeductibleStandard, now.Pooled));
    }

    [Theory]
    [InlineData(InsuredCategory.Adult, 55)]
    [InlineData(InsuredCategory.Minor, 55)]
    [InlineData(InsuredCategory.Student, 65)]
    [InlineData(InsuredCategory.UniversityStudent, 65)]
    public void Those_at_school_had_ten_points_more_at_level_3(InsuredCategory category, long percent)
    {
        Assert.Equal(10_000 * percent, Resident(category).Settle(Visit(FacilityLevel.Level3, 10_800, "2022-10-31", FacilityGrade.Grade3A))
            .Amounts.Pooled);
        Assert.Equal(10_000 * 65, Resident(category).Settle(Visit(FacilityLevel.Level3, 10_800, "2022-11-01", FacilityGrade.Grade3A))
            .Amounts.Pooled);
    }

    [Fact]
    public void The_deductible_falls_with_each_admission_of_the_year_to_its_floor()
    {
        var stay = Visit(FacilityLevel.Level3, 5000, "2021-03-10", FacilityGrade.Grade3A);
        var person = Resident();
        foreach (var expected in new[] { 800, 700, 600, 500, 400, 300, 200, 200 })
        {
            Assert.Equal(Yuan(expected), person.Settle(stay).Amounts.DeductibleStandard);
            person = person.After(stay);
        }

        Assert.Equal(Yuan(800), person.Settle(stay with { AdmissionDate = Day("2021-12-31"), DischargeDate = Day("2022-01-01") })
            .Amounts.DeductibleStandard);
    }

    //           disease                              specialised, to 2022-10-31: adult, child; from 2022-11-01
    [Theory]
    [InlineData(Diagnoses.MentalIllness, true, 0, 0, 0)]
    [InlineData(Diagnoses.MentalIllness, false, 400, 400, 400)]
    [InlineData(Diagnoses.ViralLiverDisease, true, 0, 0, 0)]
    [InlineData(Diagnoses.PulmonaryTuberculosis, true, 0, 0, 400)]
    [InlineData(Diagnoses.Tuberculosis, true, 400, 400, 0)]
    [InlineData(Diagnoses.ListedChildhoodInfection, true, 400, 0, 400)]
    [InlineData(Diagnoses.ListedChildhoodInfection, false, 400, 400, 400)]
    public void Diseases_without_a_deductible_at_a_specialised_facility(
        Diagnoses disease, bool specialised, long oldAdult, long oldChild, long now)
    {
        Claim On(string day) =>
            Visit(FacilityLevel.Level2, 3000, day) with { Diagnoses = disease, Facility = Level2() with { Specialised = specialised } };

        foreach (var category in Enum.GetValues<InsuredCategory>())
        {
            var old = category == InsuredCategory.Adult ? oldAdult : oldChild;
            Assert.Equal(Yuan(old), Resident(category).Settle(On("2022-10-31")).Amounts.DeductibleStandard);
            Assert.Equal(Yuan(now), Resident(category).Settle(On("2022-11-01")).Amounts.DeductibleStandard);
        }
    }

    [Theory]
    [InlineData("2021-03-10", 1000)]
    [InlineData("2023-03-10", 1500)]
    public void An_exemption_does_not_hold_out_of_area(string day, long deductible)
        => Assert.Equal(
            Yuan(deductible),
            Resident().Settle(
                Visit(FacilityLevel.Level3, 3000, day, division: Shenyang) with { Referral = true, Diagnoses = Diagnoses.MentalIllness,
                Facility = At(FacilityLevel.Level3, Shenyang) with { Specialised = true } }).Amounts.DeductibleStandard);

    //           day             what is missing             its cell                              the document that should have it
    [Theory]
    [InlineData("2021-12-31", Beijing, true, Parameter.OutOfAreaDeductible, "REFERRAL, OUTSIDE", "本医保发〔2019〕39号")]
    [InlineData("2022-01-01", Shenyang, true, Parameter.OutOfAreaDeductible, "REFERRAL, INSIDE", "本医保发〔2022〕7号")]
    [InlineData("2022-10-31", Beijing, true, Parameter.OutOfAreaDeductible, "REFERRAL, OUTSIDE", "本医保发〔2022〕7号")]
    [InlineData("2023-06-20", Beijing, false, Parameter.OutOfAreaDeductible, "TEMPORARY, OUTSIDE", "本医保发〔2022〕26号")]
    public void What_is_not_published_is_refused_by_name(
        string day, int division, bool referral, Parameter parameter, string cell, string document)
    {
        var refusal = Resident().Refused(Visit(FacilityLevel.Level3, 20_000, day, division: division) with { Referral = referral });

        Assert.Equal((RefusalCode.UnpublishedParameter, parameter, cell), (refusal.Code, refusal.Parameter, refusal.Cell));
        Assert.StartsWith(document, refusal.Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FacilityLevel.SpecialLevel3, "2023-03-10", "SPECIAL_LEVEL_3, ADULT")]
    [InlineData(FacilityLevel.Unrated, "2023-03-10", "UNRATED, ADULT")]
    [InlineData(FacilityLevel.Level3, "2022-10-31", "LEVEL_3_UNGRADED, ADULT")]
    public void Levels_without_values_are_refused_by_name(FacilityLevel level, string day, string cell)
        => Assert.Equal(
            (Parameter.InpatientDeductible, cell),
            (Resident().Refused(Visit(level, 5000, day)).Parameter, Resident().Refused(Visit(level, 5000, day)).Cell));

    [Fact]
    public void Employees_know_referral_and_temporary_only()
    {
        Claim Away(bool referral, bool critical = false) => Visit(FacilityLevel.Level3, 12_000, "2023-03-10", division: Beijing) with
        {
            Scheme = Scheme.Employee,
            Referral = referral,
            Emergency = critical,
            Diagnoses = critical ? Diagnoses.ListedCriticalDisease : Diagnoses.None,
        };

        Assert.Equal(
            (Yuan(1500), 10_500 * 70L),
            (Employee().Settle(Away(true)).Amounts.DeductibleStandard, Employee().Settle(Away(true)).Amounts.Pooled));
        Assert.Equal(
            (Yuan(2000), 10_000 * 60L),
            (Employee().Settle(Away(false)).Amounts.DeductibleStandard, Employee().Settle(Away(false)).Amounts.Pooled));
        Assert.Equal("CRITICAL_EMERGENCY, OUTSIDE", Employee().Refused(Away(false, critical: true)).Cell);
        Assert.Equal(0, Employee().Settle(Away(true)).After.Counter(CounterId.Admissions, 2023));
    }

    [Fact]
    public void Above_the_cap_an_employee_needs_the_ratio_of_the_large_amount_supplement()
    {
        var refusal = Employee()
            .Refused(Visit(
            FacilityLevel.Level3, 200_000, "2023-03-10", division: Beijing) with { Scheme = Scheme.Employee, Referral = true });

        Assert.Equal((RefusalCode.UnpublishedParameter, Parameter.PooledAboveCap), (refusal.Code, refusal.Parameter));
        Assert.StartsWith("本医保发〔2020〕23号", refusal.Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2020-06-01", "240000")]
    [InlineData("2021-01-01", "400000")]
    [InlineData("2022-11-01", "500000")]
    public void The_cap_of_the_supplement_is_kept_as_data(string day, string cap)
        => Assert.Equal(
            cap, Repository.Catalogue.Find(Benxi)!.Find(Scheme.Employee, Parameter.EmployeeLargeAmountCap)!.On(Day(day))!.Cells[0].Text);

    public static TheoryData<string, Facility, int?, int?> OutpatientRatios() => new()
    {
        // facility, to 2022-10-31, from 2022-11-01; none: unpublished
        { "village clinic", At(FacilityLevel.Primary, Benxi) with { Kind = FacilityKind.VillageClinic }, 50, 55 },
        { "primary under essential drugs", At(FacilityLevel.Primary, Benxi) with { EssentialDrugs = true }, 50, 60 },
        { "college clinic of primary level", At(FacilityLevel.Primary, Benxi) with { Kind = FacilityKind.CollegeClinic }, 50, 55 },
        { "TCM of primary level", At(FacilityLevel.Primary, Benxi) with { Kind = FacilityKind.Tcm }, 50, 55 },
        { "psychiatric of primary level", At(FacilityLevel.Primary, Benxi) with { Kind = FacilityKind.Psychiatric }, 50, 60 },
        { "college clinic", At(FacilityLevel.Level1, Benxi) with { Kind = FacilityKind.CollegeClinic }, 50, 55 },
        { "level 1", At(FacilityLevel.Level1, Benxi), null, 55 },
        { "TCM, level 1", At(FacilityLevel.Level1, Benxi) with { Kind = FacilityKind.Tcm }, null, 55 },
        { "infectious, level 1", At(FacilityLevel.Level1, Benxi) with { Kind = FacilityKind.Infectious }, null, 60 },
        { "college clinic, level 2", Level2(kind: FacilityKind.CollegeClinic), 50, 55 },
        { "TCM, level 2", Level2(kind: FacilityKind.Tcm), null, 55 },
        { "level 2", Level2(), null, 55 },
        { "county level 2", Level2(county: true), 20, 60 },
        { "psychiatric county level 2", Level2(county: true, FacilityKind.Psychiatric), 20, 60 },
        { "psychiatric", Level2(kind: FacilityKind.Psychiatric), null, 60 },
        { "infectious, level 3", At(FacilityLevel.Level3, Benxi) with { Kind = FacilityKind.Infectious }, null, 60 },
        { "TCM, level 3", At(FacilityLevel.Level3, Benxi) with { Kind = FacilityKind.Tcm }, null, 55 },
        { "general, level 3", At(FacilityLevel.Level3, Benxi), null, 50 },
        { "special level 3", At(FacilityLevel.SpecialLevel3, Benxi), null, null },
        { "unrated", At(FacilityLevel.Unrated, Benxi), null, null },
    };

    [Theory]
    [MemberData(nameof(OutpatientRatios))]
    public void Outpatient_pooling_by_facility(string what, Facility facility, int? old, int? now)
    {
        foreach (var (day, deductible, percent) in new[] { ("2022-10-31", 100, old), ("2022-11-01", 50, now), ("2023-01-01", 50, now) })
        {
            var decision = Resident().Decide(Outpatient(VisitType.OutpatientPooling, 300, day, facility));
            if (percent is { } expected)
                Assert.Equal((300 - deductible) * (long)expected, Assert.IsType<Adjudication>(decision).Amounts.Pooled);
            else
                Assert.True(
                    decision is Refusal { Code: RefusalCode.UnpublishedParameter, Parameter: Parameter.OutpatientYearlyRatio },
                    $"{what} on {day}");
        }
    }

    [Fact]
    public void Two_disease_drugs_from_2023_have_no_deductible_and_caps_of_their_own()
    {
        var both = Resident(
            InsuredCategory.Adult, new TwoDiseaseFact(Disease.Hypertension, Day("2022-01-01")),
            new TwoDiseaseFact(Disease.Diabetes, Day("2023-06-01")));

        Assert.Equal(Yuan(200), both.Settle(Outpatient(VisitType.TwoDisease, 900, "2023-05-31", disease: Disease.Hypertension))
            .Amounts.Pooled);
        Assert.Equal(Yuan(300), both.Settle(Outpatient(VisitType.TwoDisease, 900, "2023-06-01", disease: Disease.Hypertension))
            .Amounts.Pooled);
        Assert.Equal(RefusalCode.NoFiling, both.Refused(Outpatient(VisitType.TwoDisease, 900, "2023-05-31", disease: Disease.Diabetes))
            .Code);
        Assert.Equal(RefusalCode.NoFiling, both.Refused(Outpatient(VisitType.TwoDisease, 900, "2023-06-01")).Code);
        Assert.Equal(
            RefusalCode.NotChosenFacility,
            both.Refused(Outpatient(VisitType.TwoDisease, 900, "2023-06-01", At(FacilityLevel.Level3, Benxi), Disease.Diabetes)).Code);
    }

    [Fact]
    public void Outpatient_benefits_are_published_for_the_city()
        => Assert.Equal(Parameter.OutpatientYearlyKinds, Resident()
            .Refused(Outpatient(VisitType.OutpatientPooling, 300, "2023-05-10", At(FacilityLevel.Primary, Shenyang))).Parameter);

    //           born        admitted     threshold
    [Theory]
    [InlineData("2010-05-20", "2025-05-09", 6_750)]
    [InlineData("2010-05-10", "2025-05-09", 6_750)]
    [InlineData("2010-05-09", "2025-05-09", 13_500)]
    [InlineData("2010-05-08", "2025-05-09", 13_500)]
    [InlineData("2010-05-08", "2021-05-09", 6_750)]
    public void A_child_with_a_listed_disease_has_half_the_threshold_up_to_14(string birth, string admitted, long threshold)
    {
        var child = Registered(
            new BirthFact(Day(birth)), new InsuredFact(Day("2019-01-01"), InsuredCategory.Minor),
            new CoverageFact(Day("2020-01-01"), Day("2030-12-31")));
        var settled = child.Settle(
            Visit(FacilityLevel.Level3, 40_000, admitted, FacilityGrade.Grade3A) with { AdmissionDate = Day(admitted),
            Diagnoses = Diagnoses.ListedChildMajorDisease });

        Assert.Equal((40_000_00 - settled.Amounts.Pooled - Yuan(threshold)) * 70 / 100, settled.Amounts.SeriousIllness);
    }
}
