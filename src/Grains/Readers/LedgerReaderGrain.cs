using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Readers;

/// <summary>Looks entries up by request or settlement id. Holds nothing; the key only spreads the work.</summary>
[Reentrant]
public sealed class LedgerReaderGrain(ILedgerStore store) : Grain, ILedgerReaderGrain
{
    /// <inheritdoc/>
    public async Task<Reply<LocatedPerson>> FindPerson(string settlementId)
    {
        try
        {
            return LedgerKey.TryParse(settlementId, out LedgerKey key)
                && await store.ReadByRequestAsync(key) is { Kind: LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater } entry
                ? new LocatedPerson(entry.PersonId)
                : await Refuse.NotFoundOrDetached(Refuse.NotFound(settlementId), settlementId, store);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    /// <inheritdoc/>
    public async Task<Reply<GetByRequestResponse>> GetByRequest(string facility, string requestId)
    {
        try
        {
            LedgerKey key = LedgerKey.ForRequest(facility, requestId);
            if (await store.ReadByRequestAsync(key) is { } entry) return await Answer(entry);
            // "Not known" would invite the caller to send it again.
            return await store.ReadArchivedRequestAsync(key) is { } archived
                ? Refuse.PeriodDetached(archived.Period)
                : new GetByRequestResponse { State = GetByRequestResponse.Types.State.NotKnown };
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    private async Task<GetByRequestResponse> Answer(LedgerEntry entry)
    {
        GetByRequestResponse answer = new() { State = GetByRequestResponse.Types.State.Settled };
        switch (entry.Kind)
        {
            case LedgerEntryKind.Settlement:
                answer.Settled = StoredAnswer.Of<SettleResponse>(entry);
                await AddReversal(answer, entry);
                break;
            case LedgerEntryKind.Reversal:
                answer.Reversed = StoredAnswer.Of<ReverseResponse>(entry);
                break;
            case LedgerEntryKind.AssistanceLater:
                answer.Assisted = StoredAnswer.Of<AssistLaterResponse>(entry);
                await AddReversal(answer, entry);
                break;
            case LedgerEntryKind.Grant:
                answer.Granted = StoredAnswer.Of<GrantForIllnessResponse>(entry);
                break;
            case LedgerEntryKind.Void:
                answer.State = GetByRequestResponse.Types.State.Voided;
                answer.Voided = StoredAnswer.Of<VoidResponse>(entry);
                break;
            case LedgerEntryKind.Correction:
                answer.Corrected = StoredAnswer.Of<CorrectResponse>(entry);
                break;
            default:
                answer.Recorded = StoredAnswer.Of<RecordResponse>(entry);
                break;
        }

        return answer;
    }

    private async Task AddReversal(GetByRequestResponse answer, LedgerEntry entry)
    {
        if (await store.ReadReversalOfAsync(entry.PersonId, entry.Sequence) is not { } reversal) return;
        answer.ReversedSince = true;
        (answer.CorrectionId, answer.ReplacedBy) = await CorrectionTrace.OfAsync(store, entry, reversal);
    }
}
