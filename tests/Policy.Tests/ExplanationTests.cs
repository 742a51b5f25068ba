using System.Text.RegularExpressions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Steps and refusals in words: complete in both languages, with figures and citation.</summary>
public partial class ExplanationTests
{
    private static Pack Pack => Repository.Catalogue.Find(Shenyang)!;

    [Fact]
    public void Every_code_has_its_text()
    {
        Assert.All(Names.All<StepCode>(), code => Assert.True(Explainer.Default.Has("steps", code), code));
        Assert.All(Names.All<RefusalCode>(), code => Assert.True(Explainer.Default.Has("refusals", code), code));
        Assert.All(Names.All<AssistanceReason>(), code => Assert.True(Explainer.Default.Has("reasons", code), code));
        Assert.All(Names.All<OutOfAreaKind>(), code => Assert.True(Explainer.Default.Has("kinds", code), code));
        Assert.All(Names.All<CorrectionOutcome>(), code => Assert.True(Explainer.Default.Has("corrections", code), code));
        Assert.All(Names.All<CostBand>(), code => Assert.True(Explainer.Default.Has("bands", code), code));
    }

    [Fact]
    public void Every_placeholder_is_filled()
    {
        var settled = Person().Settle(Stay(FacilityLevel.Level3, 1000));
        foreach (var language in Enum.GetValues<Language>())
        {
            Assert.All(Enum.GetValues<StepCode>(), code =>
                Assert.DoesNotMatch(Placeholder(), Explainer.Default.Explain(new RuleStep { Code = code }, settled, Pack, language).Text));
            Assert.All(Enum.GetValues<RefusalCode>(), code =>
                Assert.DoesNotMatch(Placeholder(), Explainer.Default.Explain(new Refusal(code), language)));
            foreach (var personMore in new[] { -1, 0, 1 })
                Assert.All(Enum.GetValues<CorrectionOutcome>(), outcome =>
                    Assert.DoesNotMatch(Placeholder(), Explainer.Default.Explain(outcome, "S", 1, 2, personMore, language)));
        }
    }

    [Fact]
    public void A_stay_reads_like_a_settlement_slip()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.MinimumLivingAllowance);
        var settled = person.Settle(Stay(FacilityLevel.SpecialLevel3, 60_000, division: Beijing));
        string[] expected =
        [
            "Covered from 2025-01-01 to 2025-12-31",
            "Kind of place: temporarily out of area",
            "Inpatient deductible: 1200.00 yuan",
            "Deductible out of area: 1200.00 yuan x 2.5 = 3000.00",
            "In scope 60000.00 yuan, 3000.00 of it below the deductible",
            "Points taken from the inpatient ratio out of area: 10",
            "Inpatient ratio of the pooled fund: up to 15000.00: 12000.00 yuan x 55 % = 6600.00",
            "Inpatient ratio of the pooled fund: above 15000.00: 45000.00 yuan x 60 % = 27000.00",
            "Share of the pooled fund, rounded to the fen: 33600.00 yuan",
            "The pooled fund pays 33600.00 yuan; this year 0.00, now 33600.00",
            "26400.00 yuan counted for serious illness; this year 0.00, now 26400.00; threshold 9000.00",
            "Serious illness, accumulated, above 9000.00: 17400.00 yuan x 65 % = 11310.00",
            "Serious-illness insurance pays 11310.00 yuan; this year 0.00, now 11310.00",
            "Basic tier: burden 15090.00 yuan, this year 0.00, now 15090.00, deductible 0.00, at 70 %: 10563.00",
            "Tilt tier: burden 4527.00 yuan, this year 0.00, now 4527.00, deductible 2000.00, at 70 %: 1768.90",
            "Of 60000.00 yuan the person pays 2758.10",
        ];

        Assert.Equal(expected, settled.Steps.Select(s => Explainer.Default.Explain(s, settled, Pack, Language.En).Text));
    }

    [Fact]
    public void A_visit_to_a_village_clinic_reads_like_a_settlement_slip()
    {
        var village = At(FacilityLevel.Primary) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" };
        var person = Person(InsuredCategory.Adult, SocialGroup.Orphan)
            .With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));
        var settled = person.Settle(Visit(VisitType.OutpatientPooling, village, 206) with { GeneralFee = 600 });
        string[] expected =
        [
            "Covered from 2025-01-01 to 2025-12-31",
            "Kind of place: in the city",
            "The facility is the one chosen for the year, or needs no choice",
            "General treatment fee of a village clinic 6.00 yuan (standard 6.00, the person's part 0.50), 0.00 paid before this year: 5.50 due",
            "Deductible of the quarter 40.00 yuan, 0.00 taken before: 40.00 of 200.00 taken now",
            "Ratio of outpatient pooling: 160.00 yuan x 55 % = 88.00",
            "Share of the pooled fund, rounded to the fen: 93.50 yuan",
            "Quarterly cap of village clinics, inside that of outpatient pooling: 50.00 yuan, 0.00 paid before, 93.50 due: 50.00 within the cap",
            "The pooled fund pays 50.00 yuan; this year 0.00, now 50.00",
            "Outpatient assistance: burden 156.00 yuan, at 80 %: 124.80",
            "Yearly cap of outpatient assistance 120.00 yuan, 0.00 paid before this year, 124.80 due: 120.00 within the cap",
            "Of 206.00 yuan the person pays 36.00",
        ];

        Assert.Equal(expected, settled.Steps.Select(s => Explainer.Default.Explain(s, settled, Pack, Language.En).Text));
    }

    [Fact]
    public void Other_outpatient_visits_say_what_they_rest_on()
    {
        var person = Person()
            .With(new CertificationFact(Disease.Stroke, Day("2025-01-10")), new TwoDiseaseFact(Disease.Diabetes, Day("2025-01-05")));

        Assert.Contains(
            "门诊慢特病待遇认定自 2025-02-01 起生效", Texts(Visit(VisitType.Chronic, At(FacilityLevel.Level3), 100) with { Disease = Disease.Stroke }));
        Assert.Contains(
            "“两病”门诊用药已于 2025-01-05 备案",
            Texts(Visit(VisitType.TwoDisease, At(FacilityLevel.Level2), 1000) with { Disease = Disease.Diabetes }));
        Assert.Contains(
            "两病用药年度限额 400.00 元，此前已支付 0.00 元，应支付 650.00 元，限额内支付 400.00 元",
            Texts(Visit(VisitType.TwoDisease, At(FacilityLevel.Level2), 1000) with { Disease = Disease.Diabetes }));
        Assert.Contains(
            "辅助生殖其他周期 0 个，含本周期共 1 个，最多享受 2 个",
            Texts(Visit(VisitType.AssistedReproduction, At(FacilityLevel.Level2), 100) with { Cycle = "C1" }));
        Assert.Contains(
            "符合急危重症抢救病种，且发生治疗费",
            Texts(Visit(
                VisitType.EmergencyOutpatient, At(FacilityLevel.Level2), 100) with { TreatmentFeeItem = true,
                Diagnoses = Diagnoses.ListedCriticalDisease }));

        IEnumerable<string> Texts(Claim claim)
        {
            var settled = person.Settle(claim);
            return settled.Steps.Select(s => Explainer.Default.Explain(s, settled, Pack, Language.Zh)).Select(e => e.Text);
        }
    }

    [Fact]
    public void A_grant_is_explained()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness);
        GrantSettlement settled = new(Shenyang, VisitType.Inpatient, Day("2025-03-10"), Yuan(30_000), 0, 0);
        var grant = (IllnessGrant)Repository.Adjudicator.Grant(person, new GrantApplication(Day("2025-07-01"), Shenyang, [settled]), 2);
        var steps = grant.Steps.Select(s => Explainer.Default.Explain(s, Scheme.Resident, grant.Grant.AppliedOn, Pack, Language.En))
            .ToArray();

        Assert.Equal("Grant, basic part: burden 30000.00 yuan, deductible 5000.00, at 50 %, at most 20000.00: 12500.00", steps[0].Text);
        Assert.Equal("Grant, tilt part: burden 17500.00 yuan, deductible 10000.00, at 50 %, at most 20000.00: 3750.00", steps[1].Text);
        Assert.All(steps, s => Assert.NotNull(s.Citation));
    }

    [Fact]
    public void Every_step_that_a_parameter_decided_has_its_citation()
    {
        var settled = Person(InsuredCategory.Adult, SocialGroup.Orphan).Settle(Stay(FacilityLevel.Level3, 60_000));

        foreach (var step in settled.Steps.Where(s => s.Parameter != Parameter.None))
            Assert.NotNull(Explainer.Default.Explain(step, settled, Pack, Language.Zh).Citation);
    }

    [Fact]
    public void A_refusal_says_what_and_where()
        => Assert.Equal(
            "参数“inpatient.deductible”(UNRATED, ADULT) 没有公布的数值，应见 沈阳市城乡居民医保指南（2025年11月） 市内住院待遇·1 一览表",
            Explainer.Default.Explain(Person().Refused(Stay(FacilityLevel.Unrated, 1000)), Language.Zh));

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(-123456, "-1234.56")]
    [InlineData(long.MaxValue, "∞")]
    [InlineData(long.MinValue, "-92233720368547758.08")]
    public void Amounts_are_written_in_yuan(long fen, string text) => Assert.Equal(text, Explanation.Yuan(fen));

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
