using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 6: assistance claimed by hand for a settlement that could not be one-stop.</summary>
public class LaterAssistanceRuleTests
{
    private static readonly Claim Elsewhere = Stay(
        FacilityLevel.Level3, 10_000, "2025-11-10") with { Facility = At(FacilityLevel.Level3) with { AssistanceDesignated = false } };

    private static Decision Later(Account account, Claim claim, Adjudication settled)
        => Repository.Adjudicator.AssistLater(
            account, new AssistedSettlement(claim, settled.Amounts, settled.OutOfAreaKind, settled.After.LastSequence),
            account.LastSequence + 1);

    private static Account Orphan => Person(InsuredCategory.Adult, SocialGroup.Orphan);

    [Fact]
    public void It_pays_what_would_have_been_paid_on_the_spot()
    {
        var spot = Orphan.Settle(Elsewhere with { Facility = At(FacilityLevel.Level3) });
        var withheld = Orphan.Settle(Elsewhere);
        var later = Assert.IsType<Adjudication>(Later(withheld.After, Elsewhere, withheld));

        Assert.Equal((0, AssistanceReason.NotOneStop), (withheld.Amounts.Assistance, withheld.AssistanceReason));
        Assert.Equal(spot.Amounts, later.Amounts);
        Assert.Equal(AssistanceReason.None, later.AssistanceReason);
        Assert.Equal(spot.After.Counter(CounterId.AssistanceBasicPaid, 2025), later.After.Counter(CounterId.AssistanceBasicPaid, 2025));
    }

    [Fact]
    public void It_uses_the_counters_of_today()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.AllowanceEdge);
        var withheld = person.Settle(Elsewhere);
        var between = withheld.After.After(Stay(FacilityLevel.Level3, 10_000, "2025-12-10"));

        // Both deductibles have been used up by the other stay, or not.
        var today = (Adjudication)Later(between, Elsewhere, withheld);
        var then = (Adjudication)Later(withheld.After, Elsewhere, withheld);
        Assert.True(today.Amounts.AssistanceBasic > then.Amounts.AssistanceBasic);
    }

    [Fact]
    public void It_uses_the_category_of_the_day_of_admission_and_the_year_of_discharge()
    {
        var person = Person().With(new GroupFact(SocialGroup.Orphan, Day("2025-01-01"), Day("2025-12-27")));
        var stay = Elsewhere with { AdmissionDate = Day("2025-12-27"), DischargeDate = Day("2026-01-02") };
        var withheld = person.Settle(stay);
        var later = (Adjudication)Later(withheld.After, stay, withheld);

        Assert.True(later.Amounts.AssistanceBasic > 0);
        Assert.Equal((2026, later.Amounts.AssistanceBasic), (later.BenefitYear, later.After.Counter(CounterId.AssistanceBasicPaid, 2026)));
    }

    [Fact]
    public void Severe_mental_disorder_is_assisted_in_full_later_too()
    {
        var stay = Elsewhere with { Diagnoses = Diagnoses.SevereMentalDisorder };
        var withheld = Orphan.Settle(stay);
        var later = (Adjudication)Later(withheld.After, stay, withheld);

        Assert.Equal((withheld.Amounts.PersonPays, 0), (later.Amounts.AssistanceOther, later.Amounts.PersonPays));
    }

    [Fact]
    public void Once_only_and_only_what_was_not_one_stop()
    {
        var withheld = Orphan.Settle(Elsewhere);
        var later = (Adjudication)Later(withheld.After, Elsewhere, withheld);
        var spot = Stay(FacilityLevel.Level3, 5000, "2025-12-10");
        var assisted = later.After.Settle(spot);

        Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Later(later.After, Elsewhere, withheld)).Code);
        Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Later(assisted.After, spot, assisted)).Code);
    }

    [Fact]
    public void It_must_be_reversed_before_its_settlement_and_may_then_be_claimed_again()
    {
        var person = Orphan;
        var withheld = person.Settle(Elsewhere);
        var later = (Adjudication)Later(withheld.After, Elsewhere, withheld);
        var settlement = new SettledEntry(Elsewhere.Facility.Code, 2025, withheld.After.LastSequence, false);
        var entry = new SettledEntry(Reversals.Agency, 2025, later.After.LastSequence, false);

        var early = Reversals.Reverse(later.After, settlement, person, withheld.After, Reversals.Agency, 9).Refusal!;
        Assert.Equal((RefusalCode.NotLatest, later.After.LastSequence), (early.Code, early.BlockedBy));
        Assert.Equal(RefusalCode.NotAllowed, Reversals.Reverse(later.After, entry, withheld.After, later.After, Elsewhere.Facility.Code, 9)
            .Refusal!.Code);

        var back = Reversals.Reverse(later.After, entry, withheld.After, later.After, Reversals.Agency, 9).After!;
        Assert.Equal(withheld.After.Counters.Yearly.ToArray(), back.Counters.Yearly.ToArray());
        Assert.IsType<Adjudication>(Later(back, Elsewhere, withheld));

        var reversed = Reversals.Reverse(back, settlement, person, withheld.After, Reversals.Agency, 10).After!;
        Assert.Equal(RefusalCode.ConditionNotMet, Assert.IsType<Refusal>(Later(reversed, Elsewhere, withheld)).Code);
        Assert.Empty(reversed.Counters.Referenced.ToArray());
    }
}
