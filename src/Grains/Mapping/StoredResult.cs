using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Mapping;

/// <summary>What an entry's stored answer says, as the rules know it.</summary>
internal static class StoredResult
{
    /// <summary>A settlement of the ledger, for assistance claimed later.</summary>
    public static AssistedSettlement AsSettled(LedgerEntry entry) => new(
        ((ClaimSettled)EventCodec.Decode(entry.Event.Span)).Claim, AmountsOf(entry), ClaimMapping.KindOf(ResultOf(entry)), entry.Sequence);

    /// <summary>The amounts of a settlement of the ledger; of another entry, what its columns say it paid.</summary>
    public static Amounts AmountsOf(LedgerEntry entry)
    {
        if (entry.Kind != LedgerEntryKind.Settlement)
        {
            return new Amounts
            {
                AssistanceBasic = entry.AssistanceBasic,
                AssistanceTilt = entry.AssistanceTilt,
                AssistanceOutpatient = entry.AssistanceOutpatient,
                AssistanceOther = entry.AssistanceOther,
            };
        }

        SettlementResult result = ResultOf(entry);
        return new Amounts
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

    private static SettlementResult ResultOf(LedgerEntry entry) => SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result;
}
