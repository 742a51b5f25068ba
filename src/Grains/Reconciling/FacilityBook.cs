using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Reconciling;

/// <summary>
/// What an entry is in the book of a facility. It belongs to the day in China on which it was recorded, a reversal to its own.
/// </summary>
internal sealed class FacilityBook(ILedgerStore store)
{
    /// <summary>
    /// The row of a settlement or reversal; null of what is no facility's: settled by hand, or assistance claimed later and taken back.
    /// </summary>
    public async ValueTask<BookRow?> RowOfAsync(LedgerEntry entry)
    {
        LedgerEntry settled = entry.Reverses is { } sequence
            ? await store.ReadAsync(entry.PersonId, sequence)
                ?? throw await MissingAsync(entry, sequence)
            : entry;
        if (settled.Kind != LedgerEntryKind.Settlement || CorrectionHistory.ClaimOf(settled) is not { ReceivedByHand: null } claim)
            return null;
        Payments payments = PaymentsMapping.Of(entry);
        return new BookRow(claim.Facility.Code, Dates.DayOf(entry.RecordedAt), ItemOf(entry, settled, claim), payments);
    }

    private async Task<LedgerException> MissingAsync(LedgerEntry reversal, int sequence) =>
        await store.ReadDetachedPartAsync(reversal.PersonId) is { } part && sequence <= part.Newest.Sequence
            ? new LedgerDetachedException(part.Period, $"Entry {sequence} of a person is in period {part.Period}, which is detached.")
            : new LedgerException($"Entry {sequence} of a person is missing, which entry {reversal.Sequence} reverses.");

    private static DetailItem ItemOf(LedgerEntry entry, LedgerEntry settled, Claim claim)
    {
        bool isReversal = entry.Kind == LedgerEntryKind.Reversal;
        int sign = isReversal ? -1 : 1;
        long assistance = entry.AssistanceBasic + entry.AssistanceTilt + entry.AssistanceOutpatient + entry.AssistanceOther;
        SettlementResult result = CorrectionHistory.ResultOf(settled);
        return new DetailItem
        {
            SettlementId = settled.RequestKey.ToString(),
            RequestId = settled.RequestId,
            Reversal = isReversal,
            Person = entry.PersonId,
            VisitId = result.VisitId,
            Total = sign * entry.Total,
            FundPay = sign * (entry.Pooled + entry.SeriousIllness + assistance),
            Pooled = sign * entry.Pooled,
            SeriousIllness = sign * entry.SeriousIllness,
            Assistance = sign * assistance,
            PersonPays = sign * entry.PersonPays,
            RecordedAt = Dates.Text(entry.RecordedAt),
            ReversalId = isReversal ? entry.RequestKey.ToString() : "",
            Scheme = claim.Scheme == Policy.Scheme.Employee ? Contract.Scheme.Types.Kind.Employee : Contract.Scheme.Types.Kind.Resident,
            ClearingType = ClearingTypeOf(claim.VisitType),
            VisitType = ClaimMapping.ToWire(claim).VisitType,
            CorrectionId = isReversal ? StoredAnswer.Of<ReverseResponse>(entry).CorrectionId : result.CorrectionId,
        };
    }

    /// <summary>clr_type: what is settled as a stay is cleared as one.</summary>
    private static Clearing.Types.Type ClearingTypeOf(VisitType visit) =>
        visit is VisitType.Inpatient or VisitType.Delivery or VisitType.FamilyPlanning
            ? Clearing.Types.Type.Inpatient
            : Clearing.Types.Type.Outpatient;
}
