using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 11: the checklist of grounds on which an application for a contract is not accepted.</summary>
public class ContractRuleTests
{
    private static ContractOutcome Check(ContractApplicant applicant, string appliedOn, params FoundGround[] found)
        => ContractGrounds.Check(Repository.Catalogue, Shenyang, applicant, Day(appliedOn), found);

    private static bool Bars(
        ContractApplicant applicant, string appliedOn, ContractGround ground, string? since = null, bool unsettled = false)
        => Check(applicant, appliedOn, new FoundGround(ground, since is null ? null : Day(since), unsettled)).Checklist!.Refused;

    [Fact]
    public void The_lists_of_the_source()
    {
        var hospital = Check(ContractApplicant.MedicalInstitution, "2026-01-01").Checklist!;

        Assert.Equal(Enum.GetValues<ContractGround>(), hospital.Grounds.Select(g => g.Ground));
        Assert.Equal(
            Enum.GetValues<ContractGround>().Where(g => g is not (ContractGround.NotBasicMedicine or ContractGround.PricePolicyNotKept)),
            Check(ContractApplicant.Pharmacy, "2026-01-01").Checklist!.Grounds.Select(g => g.Ground));
        Assert.False(hospital.Refused);
        Assert.Contains("违规禁办事项清单", hospital.Citation.ToString(), StringComparison.Ordinal);
    }

    //           ground                                  years
    [Theory]
    [InlineData(ContractGround.FraudulentApplication, 3)]
    [InlineData(ContractGround.EndedForOffence, 3)]
    [InlineData(ContractGround.EndedForBreach, 1)]
    [InlineData(ContractGround.ResponsiblePerson, 5)]
    public void A_ground_with_years_bars_until_they_are_full(ContractGround ground, int years)
    {
        var free = Day("2025-06-01");
        var since = $"{free.AddYears(-years):yyyy-MM-dd}";
        foreach (var applicant in Enum.GetValues<ContractApplicant>())
        {
            Assert.True(Bars(applicant, "2025-05-31", ground, since));
            Assert.False(Bars(applicant, "2025-06-01", ground, since));
        }

        var line = Check(ContractApplicant.Pharmacy, "2025-05-31", new FoundGround(ground, Day(since), false))
            .Checklist!.Grounds.Single(g => g.Found);
        Assert.Equal((years, free), (line.Years, line.FreeFrom));
    }

    [Theory]
    [InlineData(ContractGround.NotBasicMedicine)]
    [InlineData(ContractGround.PricePolicyNotKept)]
    [InlineData(ContractGround.PenaltyNotFulfilled)]
    [InlineData(ContractGround.PersonWithoutCredit)]
    [InlineData(ContractGround.OtherByLaw)]
    public void A_ground_without_years_bars_while_it_lasts(ContractGround ground) =>
        Assert.True(Bars(ContractApplicant.MedicalInstitution, "2040-01-01", ground));

    [Theory]
    [InlineData(ContractGround.EndedForOffence, true)]
    [InlineData(ContractGround.EndedForBreach, true)]
    [InlineData(ContractGround.FraudulentApplication, false)]
    [InlineData(ContractGround.ResponsiblePerson, false)]
    public void An_open_liability_bars_beyond_the_years_where_the_source_says_so(ContractGround ground, bool bars)
        => Assert.Equal(bars, Bars(ContractApplicant.Pharmacy, "2030-01-01", ground, "2020-01-01", unsettled: true));

    [Fact]
    public void What_cannot_be_checked_is_refused()
    {
        Assert.Equal(
            "found.since", Check(ContractApplicant.Pharmacy, "2026-01-01", new FoundGround(ContractGround.EndedForBreach, null, false))
            .Refusal!.Field);
        Assert.Equal(
            "found.ground", Check(ContractApplicant.Pharmacy, "2026-01-01", new FoundGround(ContractGround.PricePolicyNotKept, null, false))
            .Refusal!.Field);
        Assert.Equal(RefusalCode.NoPolicyInForce, Check(ContractApplicant.Pharmacy, "2024-12-31").Refusal!.Code);
        var unpublished = ContractGrounds.Check(Repository.Catalogue, 210500, ContractApplicant.Pharmacy, Day("2026-01-01"), []).Refusal!;
        Assert.Equal((RefusalCode.UnpublishedParameter, Parameter.ContractRefusalGrounds), (unpublished.Code, unpublished.Parameter));
    }
}
