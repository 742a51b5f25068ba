using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>
/// Ends a request whose outcome the sender does not know (冲正): one that made no entry is voided for ever, a settlement that it made is
/// reversed. Either state, once reached, stays.
/// </summary>
internal sealed class RequestVoiding(string person, PersonLedger ledger, ILedgerStore store, Adjudicator adjudicator)
{
    /// <summary>Voids a request.</summary>
    /// <param name="origin">Who sent it.</param>
    /// <param name="requestId">Its request id.</param>
    public async Task<Reply<VoidResponse>> VoidAsync(string origin, string requestId)
    {
        Reply<VoidResponse> voided = await ledger.Commit(new VoidChange { Origin = origin, RequestId = requestId, Person = person });
        if (voided.Refusal is not { Code: RefusalCodes.RequestConflict } conflict) return voided;
        try
        {
            // The request has an entry. That is durable, so nothing below can be overtaken by a late arrival.
            LedgerEntry accepted = await store.ReadByRequestAsync(LedgerKey.ForRequest(origin, requestId))
                ?? throw new LedgerException("An entry that was read by its request a moment ago is not there.");
            if (accepted.PersonId != person) return conflict;
            return accepted.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater
                ? await ReverseAsync(accepted)
                : Refuse.NotVoidable(requestId, accepted.Kind);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    /// <summary>Request id of the reversal that voids a settlement: longer than any that a caller may give.</summary>
    public static string ReversalId(LedgerKey settlement) => $"VOID-{settlement}";

    private async Task<Reply<VoidResponse>> ReverseAsync(LedgerEntry settled)
    {
        string settlementId = settled.RequestKey.ToString();
        Reply<ReverseResponse> reply = await ledger.Commit(new ReverseChange
        {
            Origin = settled.Origin,
            RequestId = ReversalId(settled.RequestKey),
            Adjudicator = adjudicator,
            Person = person,
            SettlementId = settlementId,
        });
        ReverseResponse? reversal = reply.Value;
        string replacedBy = "";
        if (reply.Refusal is { Code: RefusalCodes.AlreadyReversed }
            && await store.ReadReversalOfAsync(person, settled.Sequence) is { } earlier)
        {
            reversal = StoredAnswer.Of<ReverseResponse>(earlier);
            (_, replacedBy) = await CorrectionTrace.OfAsync(store, settled, earlier);
        }

        if (reversal is null)
        {
            RefusalInfo refusal = reply.Refusal!;
            return refusal with { Details = new(refusal.Details) { ["settlementId"] = settlementId } };
        }

        return new VoidResponse
        {
            State = VoidResponse.Types.State.Reversed,
            RequestId = settled.RequestId,
            Person = person,
            Sequence = reversal.Sequence,
            VoidedAt = reversal.ReversedAt,
            Reversal = reversal,
            ReplacedBy = replacedBy,
        };
    }
}
