using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>The settlement slip: what lies in each band of costs, and who pays it.</summary>
public class MatrixTests
{
    private static CostRow Row(CostMatrix matrix, CostBand band) => matrix.Rows.Single(r => r.Band == band);

    [Fact]
    public void A_plain_stay_has_one_row_a_band()
    {
        var matrix = Person()
            .Settle(Stay(FacilityLevel.SpecialLevel3, 0) with { Totals = Totals(20_000, selfFunded: 300, overLimit: 200, preSelfPay: 500) })
            .Matrix();

        Assert.Equal(
            [CostBand.SelfFunded, CostBand.OverLimit, CostBand.PreSelfPay, CostBand.BelowDeductible, CostBand.Shared, CostBand.Shared],
            matrix.Rows.Select(r => r.Band));
        Assert.Equal([Yuan(300), Yuan(200), Yuan(500), Yuan(1200), Yuan(13_800), Yuan(5000)], matrix.Rows.Select(r => r.Total));
        Assert.Equal([0, 0, 0, 0, Yuan(8970), Yuan(3500)], matrix.Rows.Select(r => r.Pooled));
        Assert.Equal([6500, 7000], matrix.Rows[^2..].Select(r => r.RateBp));
        Assert.Equal([Yuan(15_000), long.MaxValue], matrix.Rows[^2..].Select(r => r.To));
    }

    [Fact]
    public void Where_the_cap_binds_what_is_no_longer_shared_is_a_row_of_its_own()
    {
        var matrix = Person().Settle(Stay(FacilityLevel.Level3, 220_600)).Matrix();

        Assert.Equal((Yuan(200_000), Yuan(150_000)), (Row(matrix, CostBand.Shared).Total, Row(matrix, CostBand.Shared).Pooled));
        Assert.Equal(Yuan(20_000), Row(matrix, CostBand.AboveCap).Total);
    }

    [Fact]
    public void Serious_illness_and_assistance_pay_from_the_top()
    {
        var settled = Person(InsuredCategory.Adult, SocialGroup.Orphan)
            .Settle(Stay(FacilityLevel.Level3, 0) with { Totals = Totals(220_600, preSelfPay: 10_000) });
        var matrix = settled.Matrix();

        Assert.Equal(Yuan(20_000), Row(matrix, CostBand.AboveCap).SeriousIllness);
        Assert.Equal(settled.Amounts.SeriousIllness - Yuan(20_000), Row(matrix, CostBand.Shared).SeriousIllness);
        Assert.Equal(settled.Amounts.AssistanceTilt, matrix.Rows.Sum(r => r.AssistanceTilt));
    }

    [Fact]
    public void A_part_that_does_not_count_is_never_paid_by_serious_illness()
    {
        var settled = Person().Settle(Stay(FacilityLevel.Level3, 0) with { Totals = Totals(0, preSelfPay: 100_000, notCounted: 30_000) });

        Assert.InRange(Row(settled.Matrix(), CostBand.PreSelfPay).SeriousIllness, 1, Yuan(70_000));
    }

    [Fact]
    public void A_general_fee_has_a_row_of_its_own_and_shares_the_rounding()
    {
        var township = At(FacilityLevel.Primary) with { Code = "T1", Kind = FacilityKind.TownshipHospital };
        var person = Person().With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));
        var matrix = person.Settle(Visit(VisitType.OutpatientPooling, township, 60) with { GeneralFee = 1001 }).Matrix();

        Assert.Equal([CostBand.BelowDeductible, CostBand.GeneralFee, CostBand.Shared], matrix.Rows.Select(r => r.Band));
        Assert.Equal([Yuan(40), 1001, 999], matrix.Rows.Select(r => r.Total));
        Assert.Equal([0, 801, 549], matrix.Rows.Select(r => r.Pooled));
    }

    [Fact]
    public void A_village_fee_is_paid_by_its_amount_and_what_the_cap_cuts_off_lies_above_it()
    {
        var village = At(FacilityLevel.Primary) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" };
        var person = Person().With(new ChosenFacilityFact(2025, "T1", FacilityKind.TownshipHospital));
        var matrix = person.Settle(Visit(VisitType.OutpatientPooling, village, 200) with { GeneralFee = 800 }).Matrix();

        Assert.Equal(
            [(CostBand.BelowDeductible, Yuan(40), 0L), (CostBand.GeneralFee, 800, 550), (CostBand.Shared, 8091, 4450),
            (CostBand.AboveCap, 7109, 0)], matrix.Rows.Select(r => (r.Band, r.Total, r.Pooled)));
    }
}
