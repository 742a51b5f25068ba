using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Change = Settlement.Contract.Change;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Feeding;

/// <summary>What an entry is in the change feed.</summary>
internal sealed class LedgerChanges(ILedgerStore store)
{
    /// <summary>The change that an entry is; null when the filter does not want it.</summary>
    /// <exception cref="LedgerDetachedException">Whose it is, which the filter asks, is known by a detached period alone.</exception>
    public async ValueTask<Change?> OfAsync(LedgerEntry entry, FeedFilter filter)
    {
        if (filter.Kinds.Length > 0 && !filter.Kinds.Contains(KindOf(entry))) return null;
        if (filter.Region != 0 && filter.Region != entry.Region) return null;
        LedgerEntry? settled = await SettledByAsync(entry);
        Claim? claim = settled is { Kind: LedgerEntryKind.Settlement } ? CorrectionHistory.ClaimOf(settled) : null;
        string facility = claim?.Facility.Code ?? entry.Kind switch
        {
            LedgerEntryKind.Void when entry.Origin != Origins.Agency => entry.Origin,
            // The settlement is in a detached period. Beside the agency only its own facility may have reversed it.
            LedgerEntryKind.Reversal when settled is null && entry.Origin != Origins.Agency => entry.Origin,
            LedgerEntryKind.Reversal when settled is null && filter.Facility.Length > 0 => throw await UnknownAsync(entry),
            _ => "",
        };
        if (filter.Facility.Length > 0 && (filter.Facility != facility || (filter.BooksOnly && claim is { ReceivedByHand: not null })))
            return null;
        Change change = ToWire(entry);
        change.Facility = facility;
        if (claim is not null)
        {
            change.Scheme = ClaimMapping.ToWire(claim.Scheme);
            change.VisitType = (Visit.Types.Type)claim.VisitType;
            change.ByHand = claim.ReceivedByHand is not null;
        }

        return change;
    }

    /// <summary>
    /// The entry that tells whose the change is: a settlement itself, of a reversal what it takes back; null when that is not attached.
    /// </summary>
    private async ValueTask<LedgerEntry?> SettledByAsync(LedgerEntry entry) =>
        entry.Reverses is { } sequence ? await store.ReadAsync(entry.PersonId, sequence) : entry;

    private async Task<LedgerDetachedException> UnknownAsync(LedgerEntry reversal)
    {
        string period = (await store.ReadDetachedPartAsync(reversal.PersonId))?.Period
            ?? throw new LedgerException($"Entry {reversal.Reverses} of a person is missing, which entry {reversal.Sequence} reverses.");
        return new LedgerDetachedException(
            period, $"Whose settlement position {reversal.Position} reverses is known in period {period}, which is detached.");
    }

    private static Change.Types.Kind KindOf(LedgerEntry entry) => (Change.Types.Kind)entry.Kind;

    private static Change ToWire(LedgerEntry entry)
    {
        Change change = new()
        {
            Position = entry.Position,
            Kind = KindOf(entry),
            Person = entry.PersonId,
            Sequence = entry.Sequence,
            EntryId = entry.RequestKey.ToString(),
            Origin = entry.Origin,
            RequestId = entry.RequestId,
            Region = entry.Region == 0 ? "" : ClaimMapping.Division(entry.Region),
            BenefitYear = entry.BenefitYear,
            EffectiveDate = Dates.Text(entry.EffectiveDate),
            RecordedAt = Dates.Text(entry.RecordedAt),
            Payments = PaymentsMapping.Of(entry),
        };
        switch (entry.Kind)
        {
            case LedgerEntryKind.Settlement:
                change.SettlementId = change.EntryId;
                change.Settled = StoredAnswer.Of<SettleResponse>(entry);
                break;
            case LedgerEntryKind.Reversal:
                change.Reversed = StoredAnswer.Of<ReverseResponse>(entry);
                change.SettlementId = change.Reversed.SettlementId;
                break;
            case LedgerEntryKind.AssistanceLater:
                change.Assisted = StoredAnswer.Of<AssistLaterResponse>(entry);
                change.SettlementId = change.Assisted.SettlementId;
                break;
            case LedgerEntryKind.Grant:
                change.Granted = StoredAnswer.Of<GrantForIllnessResponse>(entry);
                break;
            case LedgerEntryKind.Correction:
                change.Corrected = StoredAnswer.Of<CorrectResponse>(entry);
                break;
            case LedgerEntryKind.Void:
                change.Voided = StoredAnswer.Of<VoidResponse>(entry);
                break;
            default:
                change.Recorded = StoredAnswer.Of<RecordResponse>(entry);
                break;
        }

        return change;
    }
}
