using Settlement.Tests.Histories;
using Xunit.Abstractions;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests.Properties;

/// <summary>
/// Limits of the documents that no history may pass, and deductibles that are taken no more than once. The figures stand here, not in the
/// packs.
/// </summary>
public class CapTests(ITestOutputHelper output)
{
    public static TheoryData<string> Cities => HistoryTests.Cities;

    private void ForEvery(string city, Action<PersonRun> holds)
        => HistoryProperty.ForEvery(
            City.Named(city), output.WriteLine, history => holds(PersonRun.Play(Repository.Adjudicator, history).Run));

    [Theory]
    [MemberData(nameof(Cities))]
    public void No_cap_is_ever_exceeded(string city) =>
        ForEvery(city, run => Assert.All(run.Entries, entry => AssertKept(run.Region, entry)));

    [Fact]
    public void In_the_city_the_tumour_deductible_is_taken_once_a_year_at_most() => ForEvery("shenyang", run =>
    {
        var admissions = run.StandingPayments.Where(e =>
            e is { IsSettlement: true, Claim: { VisitType: VisitType.Inpatient, Facility.Designated: true },
                Decided.OutOfAreaKind: OutOfAreaKind.Local }
            && e.Claim.Diagnoses.HasFlag(Diagnoses.OncologyTreatment));
        foreach (var year in admissions.GroupBy(e => e.Decided!.BenefitYear))
            Assert.InRange(year.Count(e => e.Amounts.DeductibleStandard > 0), 0, 1);
    });

    [Fact]
    public void The_years_outpatient_deductible_of_Benxi_is_taken_once() => ForEvery("benxi", run =>
    {
        var visits = run.StandingPayments.Where(e => e.Claim!.VisitType is VisitType.OutpatientPooling or VisitType.TwoDisease);
        foreach (var year in visits.GroupBy(e => e.Decided!.BenefitYear))
            Assert.InRange(year.Sum(e => e.Amounts.DeductiblePaid), 0, Yuan(100));
    });

    [Fact]
    public void Assistance_is_claimed_once_for_a_settlement_that_stands_and_never_costs_the_person() => ForEvery("shenyang", run =>
    {
        foreach (var claimed in run.StandingPayments.Where(e => e.Assists is not null).GroupBy(e => e.Assists!.Sequence))
        {
            var later = Assert.Single(claimed);
            Assert.False(later.Assists!.Reversed);
            Assert.Equal(AssistanceReason.NotOneStop, later.Assists.Decided!.AssistanceReason);
            Assert.InRange(later.Amounts.PersonPays, later.Amounts.SelfFunded
                + later.Amounts.OverLimit, later.Assists.Decided.Amounts.PersonPays);
        }
    });

    [Theory]
    [InlineData("shenyang", 20_000)]
    [InlineData("panjin", 15_000)]
    public void A_grant_is_paid_once_in_twelve_months_within_its_caps(string city, long tiltCap) => ForEvery(city, run =>
    {
        var paid = run.Entries.Where(e => e.Grant is not null).Select(e => e.Grant!.Grant).Where(g => g.Basic + g.Tilt > 0)
            .OrderBy(g => g.AppliedOn).ToArray();
        Assert.All(paid, g => Assert.True(g.Basic <= Yuan(20_000) && g.Tilt <= Yuan(tiltCap), $"{g}"));
        Assert.All(paid.Zip(paid.Skip(1)), pair => Assert.True(pair.First.AppliedOn.AddMonths(12) <= pair.Second.AppliedOn, $"{pair}"));
    });

    /// <summary>
    /// What an entry may not have pushed past its limit; a limit that is lower now than what was paid before it may stay passed, but not
    /// further.
    /// </summary>
    internal static void AssertKept(int region, Entry entry)
    {
        if (entry.Decided is not { } decided)
            return;

        var (claim, year) = (entry.Claim!, decided.BenefitYear);
        void Kept(CounterId id, long cap, int period = 0) =>
            Within(id, entry.Before.Counter(id, year, period), entry.After.Counter(id, year, period), cap);
        switch (region)
        {
            case Shenyang:
                Kept(CounterId.PooledPaid, Yuan(150_000));
                Kept(CounterId.AssistanceBasicPaid, Yuan(20_000));
                if (decided.Groups.BestCategory is null or SocialGroup.ImpoverishedByIllness)
                    Kept(CounterId.SeriousIllnessPaid, Yuan(400_000));

                Kept(CounterId.AssistanceOutpatientPaid,
                    Yuan(decided.Groups.BestCategory is SocialGroup.SpecialCareRecipient or SocialGroup.Orphan ? 120 : 80));
                Kept(CounterId.TwoDiseasePaid, Yuan(400));
                Kept(CounterId.VillageGeneralFeePaid, Yuan(11));
                for (var quarter = 1; quarter <= 4; quarter++)
                {
                    Kept(CounterId.QuarterDeductiblePaid, Yuan(40), quarter);
                    Kept(CounterId.QuarterPooledPaid, Yuan(150), quarter);
                    Kept(CounterId.QuarterVillagePaid, Yuan(50), quarter);
                }

                if (claim.Pregnancy is { } pregnancy)
                    Within(CounterId.PregnancyPaid, 0, entry.After.Counters[CounterId.PregnancyPaid, pregnancy], Yuan(1500));

                Assert.InRange(entry.After.Counters.Referenced.ToArray().Count(c => c.Id == CounterId.CycleBills), 0, 2);
                break;
            case BenxiScene.Benxi:
                Kept(CounterId.PooledPaid, Yuan(claim.DischargeDate < Day("2022-11-01") ? 60_000 : 80_000));
                Kept(CounterId.OutpatientDeductiblePaid, Yuan(claim.DischargeDate < Day("2022-11-01") ? 100 : 50));
                if (year < 2023)
                    Within(CounterId.OutpatientPaid, Outpatient(entry.Before), Outpatient(entry.After), Yuan(500));
                else
                    Kept(CounterId.OutpatientPaid, Yuan(500));

                if (year >= 2023)
                    Kept(CounterId.TwoDiseasePaid, Yuan(300));

                break;
            default:
                Kept(CounterId.AssistanceBasicPaid, Yuan(20_000));
                Kept(CounterId.AssistanceTiltPaid, Yuan(20_000));
                Kept(CounterId.AlertPovertyByIllness, 1);
                Kept(CounterId.AlertRelapseIntoPoverty, 1);
                break;
        }

        long Outpatient(Account account) =>
            account.Counter(CounterId.OutpatientPaid, year) + account.Counter(CounterId.TwoDiseasePaid, year);
    }

    private static void Within(CounterId id, long before, long after, long cap)
        => Assert.True(after <= Math.Max(cap, before), $"{id} is {after}, was {before}, may be {cap}");
}
