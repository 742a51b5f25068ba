using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Sections 1 and 2: amounts, fee lines, rounding, and inputs that do not add up.</summary>
public class TotalsRuleTests
{
    private static readonly FeeLine ClassA = new("A1", CatalogueClass.A, 100_000, 3);

    [Fact]
    public void Lines_give_the_totals()
    {
        var stay = Stay(FacilityLevel.Level3, 0) with
        {
            Totals = null,
            Lines =
            [
                ClassA,
                new("B1", CatalogueClass.B, 33_333, 3, SelfPayBp: 1500, Limit: 30_000),
                new("B2", CatalogueClass.B, 1005, 1, SelfPayBp: 1000, NotCounted: true),
                new("C1", CatalogueClass.C, 8800, 2, Limit: 1),
            ],
        };
        var amounts = Person().Settle(stay).Amounts;

        Assert.Equal(17_600, amounts.SelfFunded);
        Assert.Equal(3 * 3333, amounts.OverLimit);
        Assert.Equal(13_500 + 101, amounts.PreSelfPay);
        Assert.Equal(101, amounts.PreSelfPayNotCounted);
        Assert.Equal(418_604, amounts.Total);
        Assert.Equal(418_604 - 17_600 - 9999 - 13_601, amounts.InScope);
    }

    public static TheoryData<string, string, ClaimTotals?, FeeLine[]> Wrong() => new()
    {
        { "neither totals nor lines", "totals", null, [] },
        { "a negative part", "totals.selfFunded", new ClaimTotals(100, -1, 0, 0, 0), [] },
        { "a negative part that another hides", "totals.overLimit", new ClaimTotals(100, 10, -10, 0, 0), [] },
        { "a negative total", "totals.total", new ClaimTotals(-1, 0, 0, 0, 0), [] },
        { "parts above the total", "totals.total", new ClaimTotals(100, 60, 60, 0, 0), [] },
        { "a not-counted part above class B", "totals.preSelfPayNotCounted", new ClaimTotals(100, 0, 0, 10, 11), [] },
        { "an in-scope amount that is another", "totals.inScope", new ClaimTotals(100, 0, 0, 10, 0, 91), [] },
        { "lines that give other totals", "totals", new ClaimTotals(299_999, 0, 0, 0, 0), [ClassA] },
        { "a negative price", "lines[1].price", null, [ClassA, ClassA with { Price = -1 }] },
        { "a negative quantity", "lines[0].quantity", null, [ClassA with { Quantity = -1 }] },
        { "a ratio above one", "lines[0].selfPayBp", null, [ClassA with { SelfPayBp = 10_001 }] },
        { "a negative limit", "lines[0].limit", null, [ClassA with { Limit = -1 }] },
        { "a product beyond reckoning", "lines[0].quantity", null,
            [ClassA with { Price = long.MaxValue / 1_000_000, Quantity = 10_000_000_000 }] },
        { "a total beyond reckoning", "totals.total", new ClaimTotals(long.MaxValue, 0, 0, 0, 0), [] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_does_not_add_up_is_refused_and_the_field_named(string what, string field, ClaimTotals? totals, FeeLine[] lines)
    {
        var refusal = Person().Refused(Stay(FacilityLevel.Level3, 0) with { Totals = totals, Lines = [.. lines] });

        Assert.True(refusal.Code == RefusalCode.TotalsDoNotAddUp, what);
        Assert.Equal(field, refusal.Field);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100_001)]
    public void A_general_fee_outside_the_scope_is_refused(long fee)
        => Assert.Equal("generalFee", Person().Refused(Stay(FacilityLevel.Level3, 1000) with { GeneralFee = fee }).Field);

    //           in scope above the deductible, 75 %, half up
    [Theory]
    [InlineData(60_001, 1)]
    [InlineData(60_002, 2)]
    [InlineData(60_003, 2)]
    [InlineData(60_004, 3)]
    public void A_stage_rounds_half_up_to_the_fen(long inScopeFen, long pooled)
        => Assert.Equal(pooled, Person().Settle(Stay(FacilityLevel.Level3, 0) with { Totals = new ClaimTotals(inScopeFen, 0, 0, 0, 0) })
            .Amounts.Pooled);
}
