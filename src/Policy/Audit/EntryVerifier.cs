using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>What an entry of the ledger holds of an adjudication: enough to check it against a recomputation.</summary>
public sealed record StoredSettlement(
    Amounts Amounts, OutOfAreaKind OutOfAreaKind, AssistanceReason AssistanceReason, int BenefitYear, long PackKey);

/// <summary>For the entry of a reversal: the settlement it takes back, as the ledger has it.</summary>
public sealed record ReversedSettlement(SettledEntry Target, Account Before, Account After);

/// <summary>Something a stored entry gets wrong.</summary>
/// <param name="Code">Kind of violation.</param>
/// <param name="Detail">Field, stored and recomputed value; no personal data.</param>
public sealed record Violation(ViolationCode Code, string Detail);

/// <summary>Kinds of violation.</summary>
public enum ViolationCode : byte
{
    /// <summary>The amounts do not sum to the total.</summary>
    IdentityBroken,

    /// <summary>An amount is negative.</summary>
    NegativeAmount,

    /// <summary>A cap of the pack is exceeded.</summary>
    CapExceeded,

    /// <summary>The pack is not the one the entry names.</summary>
    OtherPack,

    /// <summary>A stored value differs from the recomputed one.</summary>
    ValueDiffers,

    /// <summary>The stored account after the entry differs from the recomputed one.</summary>
    AccountDiffers,

    /// <summary>The rules refuse what the entry says was done.</summary>
    RefusedOnReplay,

    /// <summary>The entry cannot be checked: something it needs is missing.</summary>
    NotCheckable,
}

/// <summary>Checks one entry of the ledger: recomputes it from the account before it under the pack of its time.</summary>
public static class EntryVerifier
{
    /// <summary>Violations of an entry; none when it is sound.</summary>
    /// <param name="before">Account before the entry.</param>
    /// <param name="happened">What the entry records.</param>
    /// <param name="pack">Pack of the region at the time.</param>
    /// <param name="stored">Stored result of a settlement, else null.</param>
    /// <param name="storedAfter">Stored bytes of the account after the entry.</param>
    /// <param name="sequence">The entry's sequence.</param>
    /// <param name="reversed">The settlement a reversal takes back, else null.</param>
    /// <param name="assisted">The settlement for which assistance was claimed later, as it was settled, else null.</param>
    /// <param name="standing">For a grant: the person's settlements that stood before it, at least those of its window.</param>
    public static IReadOnlyList<Violation> Verify(
        Account before,
        PersonEvent happened,
        Pack pack,
        StoredSettlement? stored,
        ReadOnlySpan<byte> storedAfter,
        long sequence,
        ReversedSettlement? reversed = null,
        AssistedSettlement? assisted = null,
        ImmutableArray<GrantSettlement> standing = default)
    {
        var found = new List<Violation>();
        var adjudicator = new Adjudicator(PolicyCatalogue.Of(pack));
        var after = happened switch
        {
            ClaimSettled settled => Settlement(adjudicator, before, settled.Claim, pack, stored, sequence, found),
            FactsRecorded recorded => Accepted(adjudicator.Record(before, recorded.Facts.AsSpan(), recorded.Region, sequence), found),
            SettlementReversed reversal => Reversal(before, reversal, reversed, sequence, found),
            AssistanceLater later => Later(adjudicator, before, later, pack, stored, assisted, sequence, found),
            GrantPaid paid => Grant(adjudicator, before, paid, standing, sequence, found),
            SettlementsCorrected => Corrections.Close(before, sequence),
            RequestVoided => Voids.After(before, sequence),
            _ => null,
        };
        if (after is not null && !AccountCodec.Encode(after).AsSpan().SequenceEqual(storedAfter))
            found.Add(new Violation(ViolationCode.AccountDiffers, $"sequence {sequence}"));

        return found;
    }

    /// <summary>The same of a void, which no pack decides.</summary>
    public static IReadOnlyList<Violation> VerifyVoid(Account before, ReadOnlySpan<byte> storedAfter, long sequence)
        => AccountCodec.Encode(Voids.After(before, sequence)).AsSpan().SequenceEqual(storedAfter)
            ? []
            : [new Violation(ViolationCode.AccountDiffers, $"sequence {sequence}")];

    private static Account? Settlement(
        Adjudicator adjudicator, Account before, Claim claim, Pack pack, StoredSettlement? stored, long sequence, List<Violation> found)
    {
        if (stored is null)
        {
            found.Add(new Violation(ViolationCode.NotCheckable, "the entry of a settlement has no stored result"));
            return null;
        }

        CheckIdentity(stored.Amounts, found);
        if (stored.PackKey != pack.PackKey)
            found.Add(new Violation(ViolationCode.OtherPack, $"stored {stored.PackKey:x16}, given {pack.PackKey:x16}"));

        if (adjudicator.Settle(before, claim, sequence) is not Adjudication again)
        {
            found.Add(new Violation(ViolationCode.RefusedOnReplay, $"sequence {sequence}"));
            return null;
        }

        CheckValues(stored, again, found);
        CapChecks.Check(before, again, pack, claim, found);
        return again.After;
    }

    private static Account? Later(
        Adjudicator adjudicator,
        Account before,
        AssistanceLater later,
        Pack pack,
        StoredSettlement? stored,
        AssistedSettlement? assisted,
        long sequence,
        List<Violation> found)
    {
        if (stored is null || assisted is null || assisted.Sequence != later.Sequence)
        {
            found.Add(new Violation(
                ViolationCode.NotCheckable, $"the settlement {later.Sequence} or the result of its assistance is not given"));
            return null;
        }

        CheckIdentity(stored.Amounts, found);
        if (stored.PackKey != pack.PackKey)
            found.Add(new Violation(ViolationCode.OtherPack, $"stored {stored.PackKey:x16}, given {pack.PackKey:x16}"));

        if (adjudicator.AssistLater(before, assisted, sequence) is not Adjudication again)
        {
            found.Add(new Violation(ViolationCode.RefusedOnReplay, $"sequence {sequence}"));
            return null;
        }

        CheckValues(stored, again, found);
        CapChecks.Check(before, again, pack, assisted.Claim, found);
        return again.After;
    }

    private static Account? Grant(
        Adjudicator adjudicator, Account before, GrantPaid paid, ImmutableArray<GrantSettlement> standing, long sequence,
        List<Violation> found)
    {
        if (standing.IsDefault)
        {
            found.Add(new Violation(ViolationCode.NotCheckable, "the settlements of the grant's window are not given"));
            return null;
        }

        if (adjudicator.Grant(
            before, new GrantApplication(paid.Grant.AppliedOn, paid.Grant.Region, standing), sequence) is not IllnessGrant again)
        {
            found.Add(new Violation(ViolationCode.RefusedOnReplay, $"sequence {sequence}"));
            return null;
        }

        foreach (var (name, was, now) in new[]
        {
            ("burdenBasic", paid.BurdenBasic, again.BurdenBasic),
            ("burdenTilt", paid.BurdenTilt, again.BurdenTilt),
            ("grantBasic", paid.Grant.Basic, again.Grant.Basic),
            ("grantTilt", paid.Grant.Tilt, again.Grant.Tilt),
        })
            if (was != now)
                found.Add(new Violation(ViolationCode.ValueDiffers, $"{name}: stored {was}, recomputed {now}"));

        return again.After;
    }

    private static void CheckIdentity(in Amounts amounts, List<Violation> found)
    {
        if (amounts.Total != amounts.Pooled + amounts.SeriousIllness + amounts.Assistance + amounts.PersonPays)
            found.Add(new Violation(ViolationCode.IdentityBroken, $"total {amounts.Total}"));

        if (amounts.InScope != amounts.Total - amounts.SelfFunded - amounts.OverLimit - amounts.PreSelfPay)
            found.Add(new Violation(ViolationCode.IdentityBroken, $"inScope {amounts.InScope}"));

        foreach (var (name, value) in Fields(amounts))
            if (value < 0)
                found.Add(new Violation(ViolationCode.NegativeAmount, $"{name} {value}"));
    }

    private static void CheckValues(StoredSettlement stored, Adjudication again, List<Violation> found)
    {
        foreach (var (was, now) in Fields(stored.Amounts).Zip(Fields(again.Amounts)))
            if (was.Value != now.Value)
                found.Add(new Violation(ViolationCode.ValueDiffers, $"{was.Name}: stored {was.Value}, recomputed {now.Value}"));

        if (stored.OutOfAreaKind != again.OutOfAreaKind)
            found.Add(new Violation(
                ViolationCode.ValueDiffers,
                $"outOfAreaKind: stored {stored.OutOfAreaKind.Text()}, recomputed {again.OutOfAreaKind.Text()}"));

        if (stored.AssistanceReason != again.AssistanceReason)
            found.Add(new Violation(
                ViolationCode.ValueDiffers,
                $"assistanceReason: stored {stored.AssistanceReason.Text()}, recomputed {again.AssistanceReason.Text()}"));

        if (stored.BenefitYear != again.BenefitYear)
            found.Add(new Violation(
                ViolationCode.ValueDiffers, $"benefitYear: stored {stored.BenefitYear}, recomputed {again.BenefitYear}"));
    }

    private static Account? Accepted(RecordOutcome outcome, List<Violation> found)
    {
        if (outcome.Refusal is { } refusal)
            found.Add(new Violation(ViolationCode.RefusedOnReplay, $"{refusal.Code.Text()} {refusal.Field}"));

        return outcome.After;
    }

    private static Account? Reversal(
        Account before, SettlementReversed reversal, ReversedSettlement? target, long sequence, List<Violation> found)
    {
        if (target is null || target.Target.Sequence != reversal.Sequence)
        {
            found.Add(new Violation(ViolationCode.NotCheckable, $"the reversed settlement {reversal.Sequence} is not given"));
            return null;
        }

        var outcome = Reversals.Reverse(before, target.Target, target.Before, target.After, reversal.By, sequence);
        if (outcome.Refusal is { } refusal)
            found.Add(new Violation(ViolationCode.RefusedOnReplay, $"{refusal.Code.Text()}"));

        return outcome.After;
    }

    private static (string Name, long Value)[] Fields(in Amounts amounts) =>
    [
        ("total", amounts.Total),
        ("selfFunded", amounts.SelfFunded),
        ("overLimit", amounts.OverLimit),
        ("preSelfPay", amounts.PreSelfPay),
        ("preSelfPayNotCounted", amounts.PreSelfPayNotCounted),
        ("inScope", amounts.InScope),
        ("deductibleStandard", amounts.DeductibleStandard),
        ("deductiblePaid", amounts.DeductiblePaid),
        ("pooled", amounts.Pooled),
        ("seriousIllness", amounts.SeriousIllness),
        ("assistanceBasic", amounts.AssistanceBasic),
        ("assistanceTilt", amounts.AssistanceTilt),
        ("assistanceOutpatient", amounts.AssistanceOutpatient),
        ("assistanceOther", amounts.AssistanceOther),
        ("personPays", amounts.PersonPays),
    ];
}
