using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 4.9: premiums, what the person pays of them, what is subsidised.</summary>
public class ContributionRuleTests
{
    private static ContributionRate Rate(InsuredCategory category, params SocialGroup[] groups)
    {
        var outcome = Repository.Adjudicator.Contribution(
            Shenyang, Scheme.Resident, Day("2025-01-01"), category, groups.Aggregate(GroupSet.None, (set, g) => set | GroupSet.Of(g)));
        Assert.Null(outcome.Refusal);
        return outcome.Rate;
    }

    //                                         total, person, edge of the allowance
    [Theory]
    [InlineData(InsuredCategory.Student, 1100, 400, 160)]
    [InlineData(InsuredCategory.UniversityStudent, 1100, 400, 160)]
    [InlineData(InsuredCategory.Minor, 1100, 400, 160)]
    [InlineData(InsuredCategory.Adult, 1160, 460, 184)]
    public void The_premiums(InsuredCategory category, long total, long person, long edge)
    {
        Assert.Equal(new ContributionRate(Yuan(total), Yuan(person), Yuan(total - person), Yuan(90)), Rate(category));
        Assert.Equal(
            new ContributionRate(Yuan(total), Yuan(edge), Yuan(total - edge), Yuan(90)), Rate(category, SocialGroup.AllowanceEdge));
        Assert.Equal(0, Rate(category, SocialGroup.Orphan).Person);
    }

    [Theory]
    [InlineData(SocialGroup.MinimumLivingAllowance, 0)]
    [InlineData(SocialGroup.SpecialCareRecipient, 0)]
    [InlineData(SocialGroup.Orphan, 0)]
    [InlineData(SocialGroup.EntitledVeteranFamily, 0)]
    [InlineData(SocialGroup.SeverelyDisabled, 0)]
    [InlineData(SocialGroup.MonitoredPoor, 0)]
    [InlineData(SocialGroup.AllowanceEdge, 184)]
    [InlineData(SocialGroup.PovertyRelieved, 460)]
    [InlineData(SocialGroup.ImpoverishedByIllness, 460)]
    [InlineData(SocialGroup.Disabled, 460)]
    public void What_an_adult_of_a_group_pays(SocialGroup group, long yuan) =>
        Assert.Equal(Yuan(yuan), Rate(InsuredCategory.Adult, group).Person);

    [Fact]
    public void The_full_subsidy_goes_before_the_partial_one()
        => Assert.Equal(0, Rate(InsuredCategory.Adult, SocialGroup.AllowanceEdge, SocialGroup.SeverelyDisabled).Person);

    [Fact]
    public void Where_nothing_is_published_it_is_refused()
    {
        var adjudicator = Repository.Adjudicator;

        Assert.Equal(
            RefusalCode.NoPolicyInForce,
            adjudicator.Contribution(999_999, Scheme.Resident, Day("2025-01-01"), InsuredCategory.Adult, GroupSet.None).Refusal!.Code);
        Assert.Equal(
            RefusalCode.InvalidFact,
            adjudicator.Contribution(Shenyang, Scheme.Resident, Day("2025-01-01"), (InsuredCategory)9, GroupSet.None).Refusal!.Code);
    }
}
