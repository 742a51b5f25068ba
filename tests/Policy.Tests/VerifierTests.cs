using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>The verifier itself: it passes what is sound and finds each kind of falsification.</summary>
public class VerifierTests
{
    private readonly Account before = Person(InsuredCategory.Adult, SocialGroup.Orphan);
    private readonly Claim claim = Stay(FacilityLevel.Level3, 60_000);

    private static Pack Pack => Repository.Catalogue.Find(Shenyang)!;

    private static StoredSettlement Stored(Adjudication a) => new(a.Amounts, a.OutOfAreaKind, a.AssistanceReason, a.BenefitYear, a.PackKey);

    private IEnumerable<ViolationCode> Codes(StoredSettlement? stored, byte[]? after = null, Claim? other = null)
        => EntryVerifier.Verify(before, new ClaimSettled(other ?? claim), Pack, stored, after
            ?? before.Settle(claim).After.Bytes(), before.LastSequence + 1)
            .Select(v => v.Code);

    [Fact]
    public void A_sound_entry_has_no_violation() => Assert.Empty(Codes(Stored(before.Settle(claim))));

    [Fact]
    public void Amounts_moved_from_one_payer_to_another_are_found()
    {
        var stored = Stored(before.Settle(claim));

        Assert.Equal(
            [ViolationCode.ValueDiffers, ViolationCode.ValueDiffers],
            Codes(stored with { Amounts = stored.Amounts with { Pooled = stored.Amounts.Pooled
            + 1, PersonPays = stored.Amounts.PersonPays - 1 } }));
    }

    [Fact]
    public void Amounts_that_do_not_sum_or_are_negative_are_found()
    {
        var stored = Stored(before.Settle(claim));

        Assert.Contains(ViolationCode.IdentityBroken, Codes(stored with { Amounts = stored.Amounts with { Pooled = 0 } }));
        Assert.Contains(ViolationCode.NegativeAmount, Codes(stored with { Amounts = stored.Amounts with { PersonPays = -1 } }));
    }

    [Fact]
    public void Another_pack_kind_reason_or_year_is_found()
    {
        var stored = Stored(before.Settle(claim));

        Assert.Equal([ViolationCode.OtherPack], Codes(stored with { PackKey = 1 }));
        Assert.Equal([ViolationCode.ValueDiffers], Codes(stored with { OutOfAreaKind = OutOfAreaKind.Temporary }));
        Assert.Equal([ViolationCode.ValueDiffers], Codes(stored with { AssistanceReason = AssistanceReason.NotOneStop }));
        Assert.Equal([ViolationCode.ValueDiffers], Codes(stored with { BenefitYear = 2024 }));
    }

    [Fact]
    public void A_changed_account_is_found()
        => Assert.Equal([ViolationCode.AccountDiffers], Codes(Stored(before.Settle(claim)), before.Bytes()));

    [Fact]
    public void A_settlement_that_the_rules_refuse_is_found()
        => Assert.Equal(
            [ViolationCode.RefusedOnReplay],
            Codes(Stored(before.Settle(claim)), other: claim with { Facility = claim.Facility with { Designated = false } }));

    [Fact]
    public void A_settlement_without_result_cannot_be_checked()
        => Assert.Equal([ViolationCode.NotCheckable], Codes(null));

    [Fact]
    public void Facts_and_reversals_are_checked_too()
    {
        Fact[] facts = [new CertificationFact(Disease.Dialysis, Day("2025-01-01"))];
        var settled = before.Settle(claim);
        var target = new SettledEntry(claim.Facility.Code, 2025, settled.After.LastSequence, false);
        var sequence = settled.After.LastSequence + 1;
        var reversedAfter = Reversals.Reverse(settled.After, target, before, settled.After, "AGENCY", sequence).After!.Bytes();
        var reversal = new SettlementReversed(target.Sequence, "AGENCY");
        var context = new ReversedSettlement(target, before, settled.After);

        Assert.Empty(
            EntryVerifier.Verify(before, new FactsRecorded(Shenyang, [.. facts]), Pack, null, before.With(facts)
            .Bytes(), before.LastSequence + 1));
        Assert.Empty(EntryVerifier.Verify(settled.After, reversal, Pack, null, reversedAfter, sequence, context));
        Assert.Equal(
            ViolationCode.RefusedOnReplay,
            EntryVerifier.Verify(settled.After, reversal with { By = "OTHER" }, Pack, null, reversedAfter, sequence, context).Single()
            .Code);
        Assert.Equal(ViolationCode.NotCheckable, EntryVerifier.Verify(settled.After, reversal, Pack, null, reversedAfter, sequence).Single()
            .Code);
        Assert.Equal(
            ViolationCode.AccountDiffers,
            EntryVerifier.Verify(settled.After, reversal, Pack, null, settled.After.Bytes(), sequence, context).Single().Code);
    }

    [Fact]
    public void Assistance_claimed_later_is_checked()
    {
        var stay = Stay(
            FacilityLevel.Level3, 10_000, "2025-11-10") with { Facility = At(FacilityLevel.Level3) with { AssistanceDesignated = false } };
        var settled = before.Settle(stay);
        var assisted = new AssistedSettlement(stay, settled.Amounts, settled.OutOfAreaKind, settled.After.LastSequence);
        var sequence = settled.After.LastSequence + 1;
        var later = (Adjudication)Repository.Adjudicator.AssistLater(settled.After, assisted, sequence);
        var happened = new AssistanceLater(assisted.Sequence);

        Assert.Empty(Check(Stored(later)));
        Assert.Equal([ViolationCode.ValueDiffers, ViolationCode.ValueDiffers], Check(Moved(Stored(later))));
        Assert.Equal([ViolationCode.NotCheckable], Check(null));
        Assert.Equal([ViolationCode.NotCheckable], Check(Stored(later), target: assisted with { Sequence = 99 }));
        Assert.Equal([ViolationCode.RefusedOnReplay], Check(Stored(later), from: later.After));

        IEnumerable<ViolationCode> Check(StoredSettlement? stored, AssistedSettlement? target = null, Account? from = null)
            => EntryVerifier.Verify(from ?? settled.After, happened, Pack, stored, later.After.Bytes(), sequence, assisted: target
                ?? assisted).Select(v => v.Code);

        static StoredSettlement Moved(StoredSettlement stored)
            => stored with { Amounts = stored.Amounts with { AssistanceBasic = stored.Amounts.AssistanceBasic
                + 1, PersonPays = stored.Amounts.PersonPays - 1 } };
    }

    [Fact]
    public void A_grant_is_checked()
    {
        var person = Person(InsuredCategory.Adult, SocialGroup.ImpoverishedByIllness);
        GrantSettlement[] standing = [new(Shenyang, VisitType.Inpatient, Day("2025-03-10"), Yuan(30_000), 0, Yuan(10_000))];
        var grant = (IllnessGrant)Repository.Adjudicator.Grant(person, new GrantApplication(Day("2025-07-01"), Shenyang, [.. standing]), 2);
        var paid = new GrantPaid(grant.Grant, grant.BurdenBasic, grant.BurdenTilt);

        Assert.Empty(Check(paid, [.. standing]));
        Assert.Equal([ViolationCode.ValueDiffers], Check(paid with { Grant = paid.Grant with { Basic = 1 } }, [.. standing]));
        Assert.Equal([.. Enumerable.Repeat(ViolationCode.ValueDiffers, 4), ViolationCode.AccountDiffers], Check(paid, []));
        Assert.Equal([ViolationCode.NotCheckable], Check(paid, default));
        Assert.Equal(
            [ViolationCode.RefusedOnReplay], Check(paid with { Grant = paid.Grant with { AppliedOn = Day("2020-01-01") } }, [.. standing]));

        IEnumerable<ViolationCode> Check(GrantPaid happened, System.Collections.Immutable.ImmutableArray<GrantSettlement> window)
            => EntryVerifier.Verify(person, happened, Pack, null, grant.After.Bytes(), 2, standing: window).Select(v => v.Code);
    }
}
