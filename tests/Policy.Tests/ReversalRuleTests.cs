using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 12: who may reverse, which settlement, and that everything comes back.</summary>
public class ReversalRuleTests
{
    private readonly Account start = Person(InsuredCategory.Adult, SocialGroup.Orphan);
    private readonly Claim stay = Stay(FacilityLevel.Level3, 60_000) with { Diagnoses = Diagnoses.OncologyTreatment };

    private ReversalOutcome Reverse(Account current, Adjudication target, Account before, string by, bool already = false)
        => Reversals.Reverse(
            current, new SettledEntry(stay.Facility.Code, target.BenefitYear, target.After.LastSequence, already), before, target.After, by,
                current.LastSequence + 1);

    [Theory]
    [InlineData(Reversals.Agency)]
    [InlineData("H2101004")]
    public void The_facility_or_the_agency_takes_it_back_exactly(string by)
    {
        var settled = start.Settle(stay);
        var outcome = Reverse(settled.After, settled, start, by);

        Assert.Null(outcome.Refusal);
        Assert.True(outcome.After!.Counters.Yearly.IsEmpty);
        Assert.Equal(0, outcome.After.TipOf(2025));
        Assert.Equal(settled.After.LastSequence + 1, outcome.After.LastSequence);
    }

    [Fact]
    public void Refusals_come_in_their_order()
    {
        var first = start.Settle(stay);
        var second = first.After.Settle(stay with { DischargeDate = Day("2025-05-10") });

        Assert.Equal(RefusalCode.AlreadyReversed, Reverse(second.After, first, start, "OTHER", already: true).Refusal!.Code);
        Assert.Equal(RefusalCode.NotAllowed, Reverse(second.After, first, start, "OTHER").Refusal!.Code);
        var refusal = Reverse(second.After, first, start, Reversals.Agency).Refusal!;
        Assert.Equal((RefusalCode.NotLatest, second.After.LastSequence), (refusal.Code, refusal.BlockedBy));
    }

    [Fact]
    public void After_the_later_one_the_earlier_one_may_go_too()
    {
        var first = start.Settle(stay);
        var second = first.After.Settle(stay with { DischargeDate = Day("2025-05-10") });
        var once = Reverse(second.After, second, first.After, Reversals.Agency).After!;

        Assert.Equal(first.After.LastSequence, once.TipOf(2025));
        var twice = Reverse(once, first, start, Reversals.Agency).After!;
        Assert.True(twice.Counters.Yearly.IsEmpty);
        Assert.Empty(twice.Tips);
    }

    [Fact]
    public void Another_benefit_year_does_not_stand_in_the_way()
    {
        var december = start.Settle(stay);
        var january = december.After.Settle(Stay(FacilityLevel.Level3, 10_000, "2026-02-10"));
        var after = Reverse(january.After, december, start, Reversals.Agency).After!;

        Assert.Equal(0, after.Counter(CounterId.PooledPaid, 2025));
        Assert.Equal(january.After.Counter(CounterId.PooledPaid, 2026), after.Counter(CounterId.PooledPaid, 2026));
        Assert.Equal(january.After.LastSequence, after.TipOf(2026));
    }

    [Fact]
    public void Facts_registered_in_between_stay()
    {
        var settled = start.Settle(stay);
        var later = settled.After.With(new CertificationFact(Disease.Dialysis, Day("2025-04-01")));

        Assert.Single(Reverse(later, settled, start, Reversals.Agency).After!.Facts.Certifications);
    }
}
