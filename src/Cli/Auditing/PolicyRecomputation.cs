using System.Collections.Immutable;
using Google.Protobuf;
using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Auditing;

/// <summary>
/// Computes every entry anew by the rules: from the account before it, what happened, and the pack that the entry names, as the ledger
/// kept it. Nothing is taken from the packs of this checkout.
/// </summary>
internal sealed class PolicyRecomputation(ILedgerStore store) : IRecomputation
{
    private readonly LedgerPacks packs = new(store);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<(ViolationKind Kind, string Detail)>> CheckAsync(
        LedgerEntry? before, LedgerEntry entry, ReversedEntry? reversed, IReadOnlyDictionary<int, LedgerEntry> earlier,
        CancellationToken cancellation)
    {
        try
        {
            PersonEvent happened = EventCodec.Decode(entry.Event.Span);
            if (!Holds(entry.Kind, happened)) return [(ViolationKind.Content, $"a {entry.Kind} holds a {happened.GetType().Name}")];
            if (happened is RequestVoided) return [.. VerifyVoid(before, entry), .. Columns(entry, happened)];
            Pack pack = await packs.FindAsync(entry.PackKey, cancellation);
            return [.. Verify(before, entry, reversed, earlier, happened, pack), .. Columns(entry, happened), .. CapsOf(entry, pack)];
        }
        catch (LedgerPackException error)
        {
            return [(ViolationKind.Pack, error.Message)];
        }
        catch (Exception error) when (error is InvalidDataException or InvalidProtocolBufferException)
        {
            return [(ViolationKind.Content, $"the entry cannot be read: {error.Message}")];
        }
    }

    // One finding of a kind, however many fields differ.
    private static IEnumerable<(ViolationKind Kind, string Detail)> Verify(
        LedgerEntry? before, LedgerEntry entry, ReversedEntry? reversed, IReadOnlyDictionary<int, LedgerEntry> earlier,
        PersonEvent happened, Pack pack)
    {
        AssistedSettlement? assisted = happened is AssistanceLater later
            && earlier.TryGetValue((int)later.Sequence, out LedgerEntry? target) ? Assisted(target) : null;
        return EntryVerifier.Verify(
                before is null ? Account.Empty : AccountOf(before),
                happened,
                pack,
                assisted is null ? Stored(entry) : StoredLater(entry, assisted),
                entry.AccountAfter.Span,
                entry.Sequence,
                Taken(reversed),
                assisted,
                happened is GrantPaid ? Standing(earlier) : default)
            .GroupBy(violation => KindOf(violation.Code), violation => violation.Detail)
            .Select(found => (found.Key, $"the rules of its time say otherwise: {string.Join("; ", found)}"));
    }

    private static IEnumerable<(ViolationKind Kind, string Detail)> VerifyVoid(LedgerEntry? before, LedgerEntry entry) =>
        EntryVerifier.VerifyVoid(before is null ? Account.Empty : AccountOf(before), entry.AccountAfter.Span, entry.Sequence)
            .Select(violation => (KindOf(violation.Code), $"a void moves nothing: {violation.Detail}"));

    private static AssistedSettlement? Assisted(LedgerEntry target) =>
        target.Kind == LedgerEntryKind.Settlement && EventCodec.Decode(target.Event.Span) is ClaimSettled settled
            && Stored(target) is { } stored
            ? new AssistedSettlement(settled.Claim, stored.Amounts, stored.OutOfAreaKind, target.Sequence)
            : null;

    // The settlement as it is after the assistance: its own amounts, with what the entry paid moved from the person to assistance.
    private static StoredSettlement StoredLater(LedgerEntry entry, AssistedSettlement assisted)
    {
        Amounts paid = Paid(entry);
        Amounts after = assisted.Amounts with
        {
            AssistanceBasic = paid.AssistanceBasic,
            AssistanceTilt = paid.AssistanceTilt,
            AssistanceOutpatient = paid.AssistanceOutpatient,
            AssistanceOther = paid.AssistanceOther,
            PersonPays = assisted.Amounts.PersonPays - paid.Assistance,
        };
        return new StoredSettlement(after, assisted.Kind, AssistanceReason.None, entry.BenefitYear, entry.PackKey);
    }

    private static ImmutableArray<GrantSettlement> Standing(IReadOnlyDictionary<int, LedgerEntry> earlier)
    {
        StandingSettlements standing = new();
        foreach ((int sequence, LedgerEntry entry) in earlier)
            standing.Add(sequence, EventCodec.Decode(entry.Event.Span), Stored(entry)?.Amounts ?? Paid(entry));
        return standing.ToImmutable();
    }

    /// <summary>What an entry other than a settlement paid: assistance, by its columns.</summary>
    internal static Amounts Paid(LedgerEntry entry) => new()
    {
        AssistanceBasic = entry.AssistanceBasic,
        AssistanceTilt = entry.AssistanceTilt,
        AssistanceOutpatient = entry.AssistanceOutpatient,
        AssistanceOther = entry.AssistanceOther,
    };

    private static ViolationKind KindOf(ViolationCode code) => code switch
    {
        ViolationCode.IdentityBroken or ViolationCode.NegativeAmount => ViolationKind.Identity,
        ViolationCode.CapExceeded => ViolationKind.Cap,
        ViolationCode.OtherPack => ViolationKind.Pack,
        ViolationCode.AccountDiffers => ViolationKind.Account,
        ViolationCode.NotCheckable => ViolationKind.Content,
        _ => ViolationKind.Recomputation,
    };

    private static bool Holds(LedgerEntryKind kind, PersonEvent happened) => kind switch
    {
        LedgerEntryKind.Settlement => happened is ClaimSettled,
        LedgerEntryKind.Reversal => happened is SettlementReversed,
        LedgerEntryKind.AssistanceLater => happened is AssistanceLater,
        LedgerEntryKind.Grant => happened is GrantPaid,
        LedgerEntryKind.Correction => happened is SettlementsCorrected,
        LedgerEntryKind.Void => happened is RequestVoided,
        _ => happened is FactsRecorded,
    };

    /// <summary>
    /// What a settlement answered, every figure of it; null for another entry. That its amounts are those of the entry is checked beside
    /// this.
    /// </summary>
    internal static StoredSettlement? Stored(LedgerEntry entry)
    {
        if (entry.Kind != LedgerEntryKind.Settlement) return null;
        SettlementResult answer = SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result ?? new SettlementResult();
        Contract.Totals totals = answer.Totals ?? new Contract.Totals();
        Amounts amounts = new()
        {
            Total = totals.Total,
            SelfFunded = totals.SelfFunded,
            OverLimit = totals.OverLimit,
            PreSelfPay = totals.PreSelfPay,
            PreSelfPayNotCounted = totals.PreSelfPayNotCounted,
            InScope = totals.InScope,
            DeductibleStandard = answer.DeductibleStandard,
            DeductiblePaid = answer.DeductiblePaid,
            Pooled = answer.Pooled,
            SeriousIllness = answer.SeriousIllness,
            AssistanceBasic = answer.AssistanceBasic,
            AssistanceTilt = answer.AssistanceTilt,
            AssistanceOutpatient = answer.AssistanceOutpatient,
            AssistanceOther = answer.AssistanceOther,
            PersonPays = answer.PersonPays,
        };
        OutOfAreaKind kind = Known<OutOfAreaKind>(WireClaim.WireName(answer.OutOfAreaKind));
        AssistanceReason reason = answer.AssistanceReason.Length == 0
            ? AssistanceReason.None
            : Known<AssistanceReason>(answer.AssistanceReason);
        return new StoredSettlement(amounts, kind, reason, entry.BenefitYear, entry.PackKey);
    }

    // A name that nobody knows becomes a value that no recomputation gives, so that it shows as a difference.
    private static T Known<T>(string name)
        where T : struct, Enum => Names.TryParse(name, out T value) ? value : (T)Enum.ToObject(typeof(T), byte.MaxValue);

    private static ReversedSettlement? Taken(ReversedEntry? reversed)
    {
        if (reversed is null) return null;
        LedgerEntry target = reversed.Target;
        SettledEntry settled = new(target.Origin, target.BenefitYear, target.Sequence, reversed.ReversedBefore);
        return new ReversedSettlement(settled, AccountOf(reversed.BeforeTarget), AccountOf(target));
    }

    // Columns by which the ledger is searched: they must be what the event says.
    private static IEnumerable<(ViolationKind Kind, string Detail)> Columns(LedgerEntry entry, PersonEvent happened)
    {
        bool same = happened switch
        {
            ClaimSettled { Claim: { } claim } => (entry.Region, entry.VisitType, entry.EffectiveDate, entry.Origin)
                == (claim.Region, (short)claim.VisitType, claim.DischargeDate, claim.SettledBy),
            SettlementReversed reversal => (entry.Reverses, entry.Origin) == ((int)reversal.Sequence, reversal.By),
            FactsRecorded facts => entry.Region == facts.Region,
            AssistanceLater => entry.Origin == Reversals.Agency,
            SettlementsCorrected => entry.Origin == Reversals.Agency,
            RequestVoided => (entry.Region, entry.PackKey) == (0, 0L),
            GrantPaid { Grant: var grant } =>
                (entry.Region, entry.EffectiveDate, entry.Origin) == (grant.Region, grant.AppliedOn, Reversals.Agency),
            _ => false,
        };
        if (!same) yield return (ViolationKind.Content, "region, visit type, date, origin or reversed entry are not those of the event");
    }

    private static IEnumerable<(ViolationKind Kind, string Detail)> CapsOf(LedgerEntry entry, Pack pack) =>
        Caps.Exceeded(AccountOf(entry), entry, pack).Select(excess => (ViolationKind.Cap, excess));

    private static Account AccountOf(LedgerEntry entry) => AccountCodec.Decode(entry.AccountAfter.Span);
}
