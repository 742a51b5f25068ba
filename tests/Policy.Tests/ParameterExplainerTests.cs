using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>What <c>explain PARAMETER --on DATE</c> prints.</summary>
public class ParameterExplainerTests
{
    private const int Benxi = 210500;
    private static readonly PolicyRegister Register = PolicyRegister.Load(Repository.Policies);

    private static string? Explain(int region, string name, string on, Language language = Language.En, Scheme scheme = Scheme.Resident)
    {
        Assert.True(ParameterSchema.TryFind(name, out var parameter));
        return ParameterExplainer.Explain(Repository.Catalogue.Find(region)!, scheme, parameter, Day(on), Register, language);
    }

    [Fact]
    public void A_value_with_its_history_and_citations()
        => Assert.Equal(
            """
            pooled.yearly-cap  Yearly cap of the pooled fund
            Benxi, RESIDENT, 2022-12-01:
              80000 yuan
              2022-11-01 –
              stands in: 本医保发〔2022〕26号 第三部分 关于进一步调整医疗保险待遇标准的通知 (in-force)
              note: D8 from the day of the inpatient change
            history:
              2020-01-01 – 2022-10-31  60000 yuan  [本医保发〔2019〕39号 第三章 第十六条]
              2022-11-01 –  80000 yuan  [本医保发〔2022〕26号 第三部分]

            """.ReplaceLineEndings("\n"),
            Explain(Benxi, "pooled.yearly-cap", "2022-12-01"));

    [Fact]
    public void An_unpublished_value_names_the_document_that_should_have_it()
    {
        var text = Explain(Benxi, "out-of-area.deductible", "2022-05-01", Language.Zh)!;

        Assert.StartsWith(
            "out-of-area.deductible  异地住院起付标准\n本溪市, RESIDENT, 2022-05-01:\n  没有公布\n  2022-01-01 – 2022-10-31\n  应见: 本医保发〔2022〕7号 全文", text,
            StringComparison.Ordinal);
        Assert.Contains("(repealed, 2022-10-31)", text, StringComparison.Ordinal);
        Assert.Contains(
            "沿革:\n  2020-01-01 – 2021-12-31  REFERRAL, CRITICAL_EMERGENCY; INSIDE: 1000 yuan  [", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_shown_cell_by_cell()
        => Assert.Contains(
            "  PRIMARY           85 %\n  LEVEL_1, LEVEL_2  80 %\n  LEVEL_3           65 %\n",
            Explain(Benxi, "inpatient.ratio", "2023-01-01"),
            StringComparison.Ordinal);

    [Fact]
    public void Bands_are_shown_as_the_pack_writes_them()
        => Assert.Contains(
            "above 0 upTo 15000 percent 65, above 15000 percent 70", Explain(Shenyang, "inpatient.ratio", "2025-06-01"),
            StringComparison.Ordinal);

    [Fact]
    public void Before_the_pack_there_is_no_value_but_a_history()
        => Assert.Contains(
            "the pack begins on 2020-01-01\nhistory:\n  2020-01-01", Explain(Benxi, "pooled.yearly-cap", "2019-12-31"),
            StringComparison.Ordinal);

    [Fact]
    public void A_parameter_the_pack_does_not_give_has_no_explanation()
        => Assert.Null(Explain(Shenyang, "alert.relapse-threshold", "2025-06-01"));
}
