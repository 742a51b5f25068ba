using Settlement.Policy.Tests.Mutation;
using YamlDotNet.RepresentationModel;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 9: the figures of the provincial notice 辽医保规〔2025〕2号, parts two and four, and what is held against them.</summary>
public class FloorRuleTests
{
    private static ProvincialFloors Floors => Repository.Floors;

    /// <summary>The row of Benxi's pack, with one of its parameters given otherwise.</summary>
    private static ConformanceRow Row(string floor, string? parameter = null, string? value = null, Scheme scheme = Scheme.Resident)
    {
        var benxi = Repository.Catalogue.Find(BenxiScene.Benxi)!;
        if (parameter is not null)
        {
            var parts = new PackParts(benxi);
            var part = parts[parameter, scheme];
            var yaml = new YamlStream();
            yaml.Load(new StringReader($"{{ from: 2020-01-01, citation: {{ document: B2022-26, section: 全文 }}, value: {value} }}"));
            ((YamlSequenceNode)part.Node["values"]).Children.Clear();
            ((YamlSequenceNode)part.Node["values"]).Add(yaml.Documents[0].RootNode);
            benxi = parts.With(part)!;
        }

        return new FloorCheck(benxi, Floors, Day("2026-06-01")).Rows().Single(r => r.Floor.Id == floor);
    }

    //           floor                                       asked          section
    [Theory]
    [InlineData("resident.inpatient-ratio.level-3", ">= 65 %", "二（二）5")]
    [InlineData("resident.inpatient-ratio.special-level-3", ">= 65 %", "二（二）5")]
    [InlineData("resident.inpatient-ratio.level-2", ">= 70 %", "二（二）5")]
    [InlineData("resident.inpatient-ratio.level-1", ">= 75 %", "二（二）5")]
    [InlineData("resident.pooled-cap", ">= 80000.00", "二（二）3")]
    [InlineData("resident.outpatient-ratio", ">= 50 %", "二（二）4")]
    [InlineData("resident.outpatient-cap", ">= 500.00", "二（二）3")]
    [InlineData("resident.two-disease-ratio", ">= 60 %", "二（二）4")]
    [InlineData("employee.inpatient-ratio.level-3", ">= 80 %", "二（一）5")]
    [InlineData("employee.inpatient-ratio.level-2", ">= 84 %", "二（一）5")]
    [InlineData("employee.inpatient-ratio.level-1", ">= 88 %", "二（一）5")]
    [InlineData("employee.pooled-cap", ">= 80000.00", "二（一）3")]
    [InlineData("employee.outpatient-deductible", ">= 300.00", "二（一）2")]
    [InlineData("employee.outpatient-ratio", ">= 50 %", "二（一）4")]
    [InlineData("employee.outpatient-cap", ">= 3000.00", "二（一）3")]
    public void What_the_notice_asks(string floor, string asked, string section)
        => Assert.Equal((asked, $"辽医保规〔2025〕2号 {section}"), (Row(floor).FloorValue, Row(floor).FloorCitation));

    [Fact]
    public void It_binds_the_province_from_its_day_and_gives_until_the_end_of_2026_at_the_latest_2027()
    {
        Assert.Equal((Day("2025-06-30"), Day("2026-12-31"), Day("2027-12-31")), (Floors.From, Floors.ConformBy, Floors.Latest));
        Assert.True(Floors.Binds(Shenyang));
        Assert.False(Floors.Binds(Beijing));
    }

    //           floor                                  parameter                    exactly the floor     just below it
    [Theory]
    [InlineData("resident.inpatient-ratio.level-3", "inpatient.ratio", "{ LEVEL_3: 65 }", "{ LEVEL_3: 64 }")]
    [InlineData("resident.inpatient-ratio.special-level-3", "inpatient.ratio", "{ SPECIAL_LEVEL_3: 65 }", "{ SPECIAL_LEVEL_3: 64 }")]
    [InlineData("resident.inpatient-ratio.level-2", "inpatient.ratio", "{ LEVEL_2: 70 }", "{ LEVEL_2: 69 }")]
    [InlineData("resident.inpatient-ratio.level-1", "inpatient.ratio", "{ LEVEL_1: 75, PRIMARY: 75 }", "{ LEVEL_1: 75, PRIMARY: 74 }")]
    [InlineData("resident.inpatient-ratio.level-1", "inpatient.ratio", "{ LEVEL_1: 75, PRIMARY: 75 }", "{ LEVEL_1: 74, PRIMARY: 75 }")]
    [InlineData("resident.pooled-cap", "pooled.yearly-cap", "80000", "79999.99")]
    [InlineData("resident.outpatient-ratio", "outpatient-yearly.ratio", "{ LEVEL_1: 50 }", "{ LEVEL_1: 49 }")]
    [InlineData("resident.outpatient-cap", "outpatient-yearly.cap", "500", "499.99")]
    [InlineData("resident.two-disease-ratio", "two-disease.ratio", "60", "59")]
    [InlineData("employee.inpatient-ratio.level-3", "inpatient.ratio", "{ LEVEL_3: 80 }", "{ LEVEL_3: 79 }", Scheme.Employee)]
    [InlineData("employee.inpatient-ratio.level-2", "inpatient.ratio", "{ LEVEL_2: 84 }", "{ LEVEL_2: 83 }", Scheme.Employee)]
    [InlineData(
        "employee.inpatient-ratio.level-1", "inpatient.ratio", "{ LEVEL_1: 88, PRIMARY: 88 }", "{ LEVEL_1: 88, PRIMARY: 87 }",
        Scheme.Employee)]
    [InlineData(
        "employee.inpatient-ratio.level-1", "inpatient.ratio", "{ LEVEL_1: 88, PRIMARY: 88 }", "{ LEVEL_1: 87, PRIMARY: 88 }",
        Scheme.Employee)]
    [InlineData("employee.pooled-cap", "pooled.yearly-cap", "80000", "79999.99", Scheme.Employee)]
    public void A_value_conforms_at_its_floor_and_not_a_step_below(
        string floor, string parameter, string conforms, string below, Scheme scheme = Scheme.Resident)
    {
        Assert.Equal(Verdict.Conforms, Row(floor, parameter, conforms, scheme).Verdict);
        Assert.Equal(Verdict.Below, Row(floor, parameter, below, scheme).Verdict);
    }

    [Fact]
    public void A_cap_by_quarters_counts_four_times_a_year()
    {
        var shenyang = new FloorCheck(Repository.Catalogue.Find(Shenyang)!, Floors, Day("2026-06-01")).Rows();

        Assert.Equal("4 x 150.00 = 600.00", shenyang.Single(r => r.Floor.Id == "resident.outpatient-cap").PackValue);
    }

    [Theory]
    [InlineData("employee.outpatient-deductible", 4)]
    [InlineData("employee.outpatient-cap", 4)]
    public void Quarters_of_employees_count_four_times_a_year_too(string floor, int times)
        => Assert.Equal([1, times], Floors.Floors.Single(f => f.Id == floor).Of.Select(s => s.Times));
}
