using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>What the stored answer of a settlement says, as the verifier of the rules takes it.</summary>
internal static class StoredAnswer
{
    /// <summary>Every figure of the answer; null for an entry of another kind.</summary>
    public static StoredSettlement? Of(LedgerEntry entry)
    {
        if (entry.Kind != LedgerEntryKind.Settlement) return null;
        SettlementResult result = SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result;
        OutOfAreaKind kind = result.OutOfAreaKind == OutOfArea.Types.Kind.Local
            ? OutOfAreaKind.Local
            : Enum.Parse<OutOfAreaKind>(result.OutOfAreaKind.ToString());
        // A name that nobody knows becomes a value that no recomputation gives.
        AssistanceReason reason = result.AssistanceReason.Length == 0 ? AssistanceReason.None
            : Names.TryParse(result.AssistanceReason, out AssistanceReason known) ? known : (AssistanceReason)byte.MaxValue;
        return new StoredSettlement(AmountsOf(result), kind, reason, result.BenefitYear, entry.PackKey);
    }

    /// <summary>A settlement as the rules take it that decide on assistance claimed later; null for an entry of another kind.</summary>
    public static AssistedSettlement? AsSettled(LedgerEntry? entry) => entry is not null && Of(entry) is { } stored
        ? new AssistedSettlement(((ClaimSettled)EventCodec.Decode(entry.Event.Span))
            .Claim, stored.Amounts, stored.OutOfAreaKind, entry.Sequence)
        : null;

    /// <summary>
    /// A settlement with the assistance that an entry claimed later for it: what the entry paid is moved from the person to assistance.
    /// </summary>
    public static StoredSettlement WithLater(AssistedSettlement settled, LedgerEntry assistance) => new(
        settled.Amounts with
        {
            AssistanceBasic = assistance.AssistanceBasic,
            AssistanceTilt = assistance.AssistanceTilt,
            AssistanceOutpatient = assistance.AssistanceOutpatient,
            AssistanceOther = assistance.AssistanceOther,
            PersonPays = settled.Amounts.PersonPays - assistance.Total,
        },
        settled.Kind,
        AssistanceReason.None,
        assistance.BenefitYear,
        assistance.PackKey);

    /// <summary>What an entry paid, for a grant that counts it.</summary>
    public static Amounts AmountsOf(LedgerEntry entry) => Of(entry)?.Amounts ?? new Amounts
    {
        AssistanceBasic = entry.AssistanceBasic,
        AssistanceTilt = entry.AssistanceTilt,
        AssistanceOutpatient = entry.AssistanceOutpatient,
        AssistanceOther = entry.AssistanceOther,
    };

    private static Amounts AmountsOf(SettlementResult result) => new()
    {
        Total = result.Totals.Total,
        SelfFunded = result.Totals.SelfFunded,
        OverLimit = result.Totals.OverLimit,
        PreSelfPay = result.Totals.PreSelfPay,
        PreSelfPayNotCounted = result.Totals.PreSelfPayNotCounted,
        InScope = result.Totals.InScope,
        DeductibleStandard = result.DeductibleStandard,
        DeductiblePaid = result.DeductiblePaid,
        Pooled = result.Pooled,
        SeriousIllness = result.SeriousIllness,
        AssistanceBasic = result.AssistanceBasic,
        AssistanceTilt = result.AssistanceTilt,
        AssistanceOutpatient = result.AssistanceOutpatient,
        AssistanceOther = result.AssistanceOther,
        PersonPays = result.PersonPays,
    };
}
