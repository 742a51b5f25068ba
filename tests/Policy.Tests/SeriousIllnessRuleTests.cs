using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.8: bands on the year's accumulated burden, hardship, the yearly cap.</summary>
public class SeriousIllnessRuleTests
{
    /// <summary>A stay that adds exactly this burden: all of it is class B, the fund pays nothing.</summary>
    private static Claim Burden(long yuan, string discharged = "2025-03-10") =>
        Stay(FacilityLevel.Level3, 0, discharged) with { Totals = Totals(0, preSelfPay: yuan) };

    //          burden   paid
    [Theory]
    [InlineData(18_000, 0)]
    [InlineData(18_001, 60)]
    [InlineData(50_000, 32_000 * 60)]
    [InlineData(50_001, (32_000 * 60) + 65)]
    [InlineData(100_000, (32_000 * 60) + (50_000 * 65))]
    [InlineData(100_001, (32_000 * 60) + (50_000 * 65) + 70)]
    public void Bands(long burden, long paidFen) => Assert.Equal(paidFen, Person().Settle(Burden(burden)).Amounts.SeriousIllness);

    [Theory]
    [InlineData(SocialGroup.SpecialCareRecipient)]
    [InlineData(SocialGroup.Orphan)]
    [InlineData(SocialGroup.MinimumLivingAllowance)]
    [InlineData(SocialGroup.PovertyRelieved)]
    [InlineData(SocialGroup.AllowanceEdge)]
    [InlineData(SocialGroup.ImpoverishedByIllness)]
    public void Hardship_halves_the_threshold_and_pays_75_percent(SocialGroup group)
    {
        var person = Person(InsuredCategory.Adult, group);

        Assert.Equal(0, person.Settle(Burden(9000)).Amounts.SeriousIllness);
        Assert.Equal(75, person.Settle(Burden(9001)).Amounts.SeriousIllness);
        Assert.Equal(141_000 * 75, person.Settle(Burden(150_000)).Amounts.SeriousIllness);
    }

    [Theory]
    [InlineData(SocialGroup.Disabled)]
    [InlineData(SocialGroup.SeverelyDisabled)]
    [InlineData(SocialGroup.MonitoredPoor)]
    [InlineData(SocialGroup.EntitledVeteranFamily)]
    public void Other_groups_are_not_in_hardship(SocialGroup group)
        => Assert.Equal(0, Person(InsuredCategory.Adult, group).Settle(Burden(18_000)).Amounts.SeriousIllness);

    [Fact]
    public void A_threshold_crossed_half_way_pays_only_the_part_above_it()
    {
        var person = Person().After(Burden(17_000));

        Assert.Equal(4000 * 60, person.Settle(Burden(5000, "2025-06-10")).Amounts.SeriousIllness);
    }

    [Fact]
    public void The_part_of_class_B_that_does_not_count_is_left_out()
    {
        var after = Person()
            .After(Stay(
            FacilityLevel.Level3, 0) with { Totals = Totals(0, selfFunded: 500, overLimit: 300, preSelfPay: 20_000, notCounted: 2000) });

        Assert.Equal(Yuan(18_000), after.Counter(CounterId.SeriousIllnessBase, 2025));
    }

    //               who                          bound
    [Theory]
    [InlineData(null, true)]
    [InlineData(SocialGroup.ImpoverishedByIllness, true)]
    [InlineData(SocialGroup.SpecialCareRecipient, false)]
    [InlineData(SocialGroup.Orphan, false)]
    [InlineData(SocialGroup.MinimumLivingAllowance, false)]
    [InlineData(SocialGroup.PovertyRelieved, false)]
    [InlineData(SocialGroup.AllowanceEdge, false)]
    public void The_yearly_cap_of_400_000_binds_all_but_subsidised_categories(SocialGroup? group, bool bound)
    {
        var person = group is { } given ? Person(InsuredCategory.Adult, given) : Person();
        var paid = person.Settle(Burden(900_000)).Amounts.SeriousIllness;

        Assert.Equal(bound, paid == Yuan(400_000));
        Assert.True(paid >= Yuan(400_000));
    }

    [Fact]
    public void Away_temporarily_the_ratio_is_ten_points_lower_in_every_band_and_for_hardship()
    {
        var away = Stay(FacilityLevel.Level3, 0, division: Beijing) with { Totals = Totals(0, preSelfPay: 120_000) };

        Assert.Equal((32_000 * 50) + (50_000 * 55) + (20_000 * 60), Person().Settle(away).Amounts.SeriousIllness);
        Assert.Equal(111_000 * 65, Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness).Settle(away).Amounts.SeriousIllness);
    }

    [Fact]
    public void In_a_critical_emergency_out_of_area_the_ratio_is_as_local()
    {
        var away = Stay(FacilityLevel.Level3, 0, division: Beijing) with
        {
            Totals = Totals(0, preSelfPay: 50_000),
            Emergency = true,
            Diagnoses = Diagnoses.ListedCriticalDisease,
        };

        Assert.Equal(32_000 * 60, Person().Settle(away).Amounts.SeriousIllness);
    }
}
