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
        Assert.All(Names.All<CostBand>(), code => Assert.True(Explainer.Default.Has("bands", code), code));
    }

    [Fact]
    public void Every_placeholder_is_filled()
    {
        var settled = Person().Settle(Stay(FacilityLevel.Level3, 1000));
        foreach (var language in Enum.GetValues<Language>())
        {
            Assert.All(Enum.GetValues<StepCode>(), code => Assert.DoesNotMatch(Placeholder(), Explainer.Default.Explain(new RuleStep { Code = code }, settled, Pack, language).Text));
            Assert.All(Enum.GetValues<RefusalCode>(), code => Assert.DoesNotMatch(Placeholder(), Explainer.Default.Explain(new Refusal(code), language)));
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
            "Deductible 1200.00 yuan x 2.5 = 3000.00",
            "In scope 60000.00 yuan, 3000.00 of it below the deductible",
            "Ratio lowered by 10 points",
            "Part above 0.00 up to 15000.00: 12000.00 yuan x 55 % = 6600.00",
            "Part above 15000.00 up to ∞: 45000.00 yuan x 60 % = 27000.00",
            "Share of the pooled fund: 33600.00 yuan",
            "The pooled fund pays 33600.00 yuan; this year 0.00, now 33600.00",
            "26400.00 yuan counted for serious illness; this year 0.00, now 26400.00; threshold 9000.00",
            "Accumulated part above 9000.00 up to ∞: 17400.00 yuan x 65 % = 11310.00",
            "Serious-illness insurance pays 11310.00 yuan; this year 0.00, now 11310.00",
            "Basic tier: burden 15090.00 yuan, this year 0.00, now 15090.00, deductible 0.00, at 70 %: 10563.00",
            "Tilt tier: burden 4527.00 yuan, this year 0.00, now 4527.00, deductible 2000.00, at 70 %: 1768.90",
            "Of 60000.00 yuan the person pays 2758.10",
        ];

        Assert.Equal(expected, settled.Steps.Select(s => Explainer.Default.Explain(s, settled, Pack, Language.En).Text));
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
