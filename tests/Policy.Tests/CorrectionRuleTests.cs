using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>What a correction adds to reversals and settlements: the closing entry, and when a grant must be looked at again.</summary>
public class CorrectionRuleTests
{
    private static readonly Claim Spring = Stay(FacilityLevel.Level3, 40_000);
    private readonly Account impoverished = Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness);

    [Fact]
    public void The_closing_entry_moves_nothing_but_the_sequence()
    {
        var settled = Person().Settle(Spring).After;
        var closed = Corrections.Close(settled, settled.LastSequence + 1);

        Assert.Equal(settled.LastSequence + 1, closed.LastSequence);
        Assert.True(settled.Counters.Yearly.SequenceEqual(closed.Counters.Yearly));
        Assert.Equal(settled.Tips, closed.Tips);
        Assert.Equal(settled.Facts, closed.Facts);
    }

    [Fact]
    public void A_correction_as_it_happens_reverses_the_later_one_first_and_ends_where_the_right_claims_would_have()
    {
        // First at level 3: 600 and 75 %; right is level 1: 200 and 85 % (guide, inpatient table).
        var right = Spring with { Facility = At(FacilityLevel.Level1) };
        var second = Stay(FacilityLevel.Level3, 40_000, "2025-05-10");
        var start = Person();
        var first = start.Settle(Spring);
        var later = first.After.Settle(second);

        var once = Reverse(later.After, later, first.After);
        var twice = Reverse(once, first, start);
        var corrected = twice.Settle(right);
        var again = corrected.After.Settle(second);

        Assert.Equal((Yuan(33_830), Yuan(6_170)), (corrected.Amounts.Pooled, corrected.Amounts.PersonPays));
        Assert.Equal((Yuan(1_740), 0L), (later.Amounts.SeriousIllness, again.Amounts.SeriousIllness));
        Assert.True(start.After(right, second).Counters.Yearly.SequenceEqual(again.After.Counters.Yearly));
    }

    [Fact]
    public void A_grant_is_noticed_when_it_had_counted_what_stands_otherwise_now()
    {
        // Burdens of 10,450 yuan in each of eight stays: above the grant's deductible.
        var account = impoverished;
        for (var month = 1; month <= 8; month++)
            account = account.Settle(Stay(FacilityLevel.Level3, 40_000, $"2025-{month:00}-20")).After;

        var settled = Enumerable.Range(1, 8)
            .Select(month =>
            GrantSettlement.Of(Spring, impoverished.Settle(Spring).Amounts) with { DischargeDate = Day($"2025-{month:00}-20") });
        var granted = Assert.IsType<IllnessGrant>(Repository.Adjudicator.Grant(
            account, new GrantApplication(Day("2025-09-01"), Shenyang, [.. settled]), account.LastSequence + 1));
        Assert.True(granted.Grant.Basic > 0);
        var amounts = impoverished.Settle(Spring).Amounts;

        Assert.Equal(ReversalNotice.None, Notice((Spring, amounts), (Spring, amounts)));
        Assert.Equal(
            ReversalNotice.GrantWindow,
            Notice((Spring, amounts), (Spring, amounts with { Pooled = amounts.Pooled + 1, PersonPays = amounts.PersonPays - 1 })));
        Assert.Equal(ReversalNotice.GrantWindow, Notice((Spring, amounts), null));
        var before = Spring with { DischargeDate = Day("2024-03-10") };
        Assert.Equal(ReversalNotice.None, Notice((before, amounts), null));
        Assert.Equal(ReversalNotice.GrantWindow, Notice((before, amounts), (Spring, amounts)));

        ReversalNotice Notice((Claim, Amounts) was, (Claim, Amounts)? now) =>
            Corrections.Notice(Repository.Adjudicator, granted.After, was, now);
    }

    private static Account Reverse(Account current, Adjudication target, Account before)
        => Reversals.Reverse(
            current, new SettledEntry(Spring.Facility.Code, target.BenefitYear, target.After.LastSequence, false), before, target.After,
                Reversals.Agency, current.LastSequence + 1).After!;
}
