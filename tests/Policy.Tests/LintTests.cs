using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>The lint: the packs of the repository against the register and the provincial floors, and what it must not let pass.</summary>
public class LintTests(ITestOutputHelper output)
{
    private static readonly DateOnly Today = Day("2026-06-01");

    private static LintReport Report { get; } = PolicyLint.Check(Repository.Policies, Today);

    private static ConformanceRow Row(string pack, string floor) => Report.Rows.Single(r => r.Pack == pack && r.Floor.Id == floor);

    private static (string, Verdict) Found(string pack, string floor) => (Row(pack, floor).PackValue, Row(pack, floor).Verdict);

    [Fact]
    public void The_packs_of_the_repository_have_no_error()
    {
        foreach (var row in Report.Rows)
            output.WriteLine(
                $"{row.Pack,-9} {row.Floor.Id,-45} {row.PackValue,-60} {row.FloorValue,-16} {row.Verdict.Text(),-13} {row.Citation}");

        Assert.Equal("", string.Join('\n', Report.Findings.Where(f => f.Severity == Severity.Error)));
        Assert.False(Report.Failed);
    }

    //           floor                                    value                                                         verdict
    [Theory]
    [InlineData("resident.inpatient-ratio.level-3", "75 %", Verdict.Conforms)]
    [InlineData("resident.inpatient-ratio.special-level-3", "65 % (SPECIAL_LEVEL_3, ADULT, above 0.00 up to 15000.00)", Verdict.Conforms)]
    [InlineData("resident.inpatient-ratio.level-2", "80 %", Verdict.Conforms)]
    [InlineData("resident.inpatient-ratio.level-1", "85 % (LEVEL_1, ADULT)", Verdict.Conforms)]
    [InlineData("resident.pooled-cap", "150000.00", Verdict.Conforms)]
    [InlineData("resident.deductible-by-level", "50.00/100.00/200.00 < 150.00/300.00 < 300.00/600.00", Verdict.Conforms)]
    [InlineData(
        "resident.deductible-by-age", "differs at PRIMARY, LEVEL_1, LEVEL_2, LEVEL_3_UNGRADED, LEVEL_3A, LEVEL_3B, SPECIAL_LEVEL_3",
        Verdict.Differs)]
    [InlineData("resident.ratio-by-age", "differs at SPECIAL_LEVEL_3", Verdict.Differs)]
    [InlineData("resident.ratio-by-bill", "SPECIAL_LEVEL_3, ADULT: 65 % above 0.00, 70 % above 15000.00", Verdict.Differs)]
    [InlineData("resident.outpatient-ratio", "55 %", Verdict.Conforms)]
    [InlineData("resident.outpatient-cap", "4 x 150.00 = 600.00", Verdict.Conforms)]
    [InlineData("resident.two-disease-ratio", "65 %", Verdict.Conforms)]
    [InlineData("resident.two-disease-deductible", "none, as the benefit is built", Verdict.Conforms)]
    [InlineData("resident.high-value-deductible", "-", Verdict.NotPublished)]
    public void Shenyang_against_the_floors(string floor, string value, Verdict verdict) =>
        Assert.Equal((value, verdict), Found("shenyang", floor));

    [Theory]
    [InlineData("resident.inpatient-ratio.level-3", "65 %", Verdict.Conforms)]
    [InlineData("resident.inpatient-ratio.special-level-3", "-", Verdict.NotPublished)]
    [InlineData("resident.inpatient-ratio.level-1", "80 % (LEVEL_1, ADULT)", Verdict.Conforms)]
    [InlineData("resident.pooled-cap", "80000.00", Verdict.Conforms)]
    [InlineData("resident.deductible-by-level", "200.00/400.00 < 400.00 < 800.00", Verdict.Conforms)]
    [InlineData("resident.outpatient-ratio", "50 % (LEVEL_3_UNGRADED, PLAIN)", Verdict.Conforms)]
    [InlineData("resident.outpatient-cap", "500.00", Verdict.Conforms)]
    [InlineData("resident.two-disease-ratio", "60 %", Verdict.Conforms)]
    [InlineData("resident.two-disease-deductible", "none", Verdict.Conforms)]
    [InlineData("resident.ratio-by-age", "same for all", Verdict.Conforms)]
    [InlineData("resident.ratio-by-bill", "one ratio", Verdict.Conforms)]
    [InlineData("employee.pooled-cap", "80000.00", Verdict.Conforms)]
    [InlineData("employee.inpatient-ratio.level-3", "-", Verdict.NotPublished)]
    [InlineData("employee.delivery-deductible", "-", Verdict.NotPublished)]
    public void Benxi_against_the_floors(string floor, string value, Verdict verdict) =>
        Assert.Equal((value, verdict), Found("benxi", floor));

    [Fact]
    public void Panjin_publishes_nothing_that_the_floors_are_about()
        => Assert.All(Report.Rows.Where(r => r.Pack == "panjin"), r => Assert.Equal(Verdict.NotPublished, r.Verdict));

    [Fact]
    public void A_row_names_both_documents()
    {
        var row = Row("benxi", "resident.pooled-cap");

        Assert.Equal("本医保发〔2022〕26号 第三部分", row.Citation!.ToString());
        Assert.Equal("辽医保规〔2025〕2号 二（二）3", row.FloorCitation);
        Assert.Equal(">= 80000.00", row.FloorValue);
    }

    [Fact]
    public void Benxi_of_2021_would_be_below_the_floors_and_fails_once_the_last_day_to_conform_is_past()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/inpatient.yaml", "          LEVEL_3: 65\n", "          LEVEL_3: 55\n");

        var warned = benxi.Check(Day("2027-12-31"));
        Assert.Equal(
            ("55 %", Verdict.Below),
            (warned.Rows.Single(r => r.Floor.Id == "resident.inpatient-ratio.level-3")
            .PackValue, warned.Rows.Single(r => r.Floor.Id == "resident.inpatient-ratio.level-3").Verdict));
        Assert.Contains(warned.Findings, f => f is { Severity: Severity.Warning, Place: "benxi" }
            && f.Message.StartsWith("Inpatient ratio, level 3: 55 %, asked >= 65 %", StringComparison.Ordinal));
        Assert.False(warned.Failed);
        Assert.True(benxi.Check(Day("2028-01-01")).Failed);
    }

    [Fact]
    public void A_deductible_that_does_not_differ_by_level_fails()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/inpatient.yaml", "          LEVEL_3: 800\n", "          LEVEL_3: 400\n");

        Assert.Contains(
            "Inpatient deductible differs by level: 200.00/400.00 | 400.00 | 400.00", benxi.Errors(Today), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repealed_document_may_be_cited_up_to_its_end_only()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/out-of-area.yaml",
            "      - from: 2022-11-01\n        citation: { document: B2022-26, section: 第二部分（一） }\n        note: 省",
            "      - from: 2022-11-01\n        citation: { document: B2022-7, section: 全文 }\n        note: 省");

        Assert.Contains(
            "out-of-area.deductible cites 本医保发〔2022〕7号, repealed since 2022-11-01, for 2022-11-01 to open", benxi.Errors(Today),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_that_ended_on_an_unknown_day_may_not_be_cited()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("register/benxi.yaml", "no: 7, to: 2022-10-31, note", "no: 7, note");

        Assert.Contains(
            "cites 本医保发〔2022〕7号, repealed (the day is not known), for 2022-01-01 to 2022-10-31", benxi.Errors(Today),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_may_be_cited_until_it_was_changed()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/frame.yaml", "        citation: { document: B2022-26, section: 第三部分 }",
            "        citation: { document: B2019-39, section: 第三章 第十六条 }");

        Assert.Contains(
            "pooled.yearly-cap cites 本医保发〔2019〕39号 第三章 第十六条, changed from 2022-11-01 by 本医保发〔2022〕26号, for 2022-11-01 to open",
            benxi.Errors(Today), StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_other_than_the_registers_and_an_unregistered_document_fail()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/pack.yaml", "    status: repealed\n    to: 2022-10-31", "    status: in-force\n    from: 2022-01-01");
        benxi.Edit("benxi/pack.yaml", "    number: 本医保发〔2022〕19号", "    number: 本医保发〔2022〕190号");

        Assert.Contains(
            "document B2022-7 (本医保发〔2022〕7号) is repealed in the register, in-force in the pack", benxi.Errors(Today),
            StringComparison.Ordinal);
        Assert.Contains("document B2022-19 (本医保发〔2022〕190号) stands in no register", benxi.Errors(Today), StringComparison.Ordinal);
    }

    [Fact]
    public void What_keeps_a_pack_from_loading_is_a_finding_with_file_and_line()
    {
        using var benxi = new PolicyCopy("benxi");
        benxi.Edit("benxi/frame.yaml", "        value: 80000", "        value: 80000x");

        var report = benxi.Check(Today);
        Assert.True(report.Failed);
        Assert.Empty(report.Rows);
        Assert.Matches("^benxi/frame.yaml:[0-9]+: error: pooled.yearly-cap: no amount in yuan: 80000x$", report.Findings[0].ToString());
    }

    [Fact]
    public void Values_past_their_review_are_warnings()
    {
        var report = PolicyLint.Check(Repository.Policies, Day("2027-01-01"));

        Assert.Contains(report.Findings, f => f.Severity == Severity.Warning
            && f.Message == "pooled.yearly-cap was to be reviewed by 2026-12-31");
        Assert.False(report.Failed);
    }
}
