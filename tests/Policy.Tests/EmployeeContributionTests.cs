using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 9: contributions of employees, of which the province sets the frame; Benxi keeps it.</summary>
public class EmployeeContributionTests
{
    private const int Benxi = 210500;

    private static EmployeeContributionOutcome Of(long wageYuan, string day = "2025-06-30", int region = Benxi)
        => EmployeeContributions.Of(Repository.Catalogue, region, Day(day), Yuan(wageYuan), Yuan(7000));

    //           wage    base: 60 % to 300 % of 7,000
    [Theory]
    [InlineData(1000, 4200)]
    [InlineData(4200, 4200)]
    [InlineData(4201, 4201)]
    [InlineData(21_000, 21_000)]
    [InlineData(21_001, 21_000)]
    public void The_wage_counts_between_60_and_300_percent_of_the_average(long wage, long counted)
        => Assert.Equal(new EmployeeContribution(Yuan(counted), counted * 2, counted * 7, counted * 8), Of(wage).Contribution);

    [Fact]
    public void Before_the_province_set_them_and_in_a_city_without_them_it_is_refused_by_name()
    {
        var early = Of(5000, "2025-06-29").Refusal!;
        Assert.Equal((RefusalCode.UnpublishedParameter, Parameter.EmployeeBaseLower), (early.Code, early.Parameter));
        Assert.StartsWith("辽医保规〔2025〕2号", early.Document, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.UnpublishedParameter, Of(5000, region: Shenyang).Refusal!.Code);
        Assert.Equal(RefusalCode.NoPolicyInForce, Of(5000, "2019-12-31").Refusal!.Code);
        Assert.Equal(RefusalCode.NoPolicyInForce, Of(5000, region: 999_999).Refusal!.Code);
    }
}
