using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>
/// Taking a settlement, or assistance claimed later, back: every counter loses what it added, the charge may be settled again.
/// </summary>
internal sealed class ReverseChange : MessageChange<ReverseResponse>
{
    private LedgerEntry? target;
    private PersonHead? before;
    private LedgerEntry? reversal;
    private long blockedBy;

    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.Reversal;

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>The settlement to reverse.</summary>
    public required string SettlementId { get; init; }

    /// <summary>Id of the correction that reverses it, else empty.</summary>
    public string CorrectionId { get; init; } = "";

    /// <summary>
    /// The settlement where the caller has read it, unreversed, with the entry before it; then nothing needs to be prepared.
    /// </summary>
    public (LedgerEntry Target, LedgerEntry Before) Known { init => (target, before) = (value.Target, PersonHead.After(value.Before)); }

    /// <summary>Reads the settlement, the account before it, and whether it was reversed.</summary>
    public override async ValueTask Prepare(ILedgerStore store)
    {
        if (!LedgerKey.TryParse(SettlementId, out LedgerKey key)) return;
        target ??= await store.ReadByRequestAsync(key) is { Kind: LedgerEntryKind.Settlement or LedgerEntryKind.AssistanceLater } found
            && found.PersonId == Person ? found : null;
        if (target is null) return;
        before ??= PersonHead.After(await store.ReadAsync(Person, target.Sequence - 1)
            ?? throw new LedgerException($"Entry {target.Sequence - 1} of a person is missing before entry {target.Sequence}."));
        reversal = await store.ReadReversalOfAsync(Person, target.Sequence);
    }

    /// <inheritdoc/>
    public override bool IsRepeatOf(LedgerEntry entry, string person) =>
        entry.Kind == Kind && entry.PersonId == person && AnswerOf(entry).SettlementId == SettlementId;

    /// <summary>Names the settlement in the way by its id.</summary>
    public override async ValueTask<RefusalInfo> Complete(RefusalInfo refusal, ILedgerStore store)
    {
        refusal = await Refuse.NotFoundOrDetached(refusal, SettlementId, store);
        if (refusal.Code != RefusalCodes.NotLatest || await store.ReadAsync(Person, (int)blockedBy) is not { } blocking) return refusal;
        string id = blocking.RequestKey.ToString();
        return refusal with
        {
            Message = $"{refusal.Message}: reverse settlement '{id}' first",
            MessageZh = $"{refusal.MessageZh}：请先撤销结算“{id}”",
            Details = new(refusal.Details) { ["blockedBy"] = id },
        };
    }

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (target is null) return Refuse.NotFound(SettlementId);
        int sequence = head.Sequence + 1;
        PersonHead after = PersonHead.After(target);
        ReversalOutcome outcome = Reversals.Reverse(
            head.Account,
            new SettledEntry(target.Origin, target.BenefitYear, target.Sequence, reversal is not null),
            before!.Account,
            after.Account,
            Origin,
            sequence);
        if (outcome.Refusal is { } refusal)
        {
            blockedBy = refusal.BlockedBy;
            return RefusalMapping.ToInfo(refusal);
        }

        ReverseResponse answer = new()
        {
            ReversalId = RequestKey.ToString(),
            RequestId = RequestId,
            Person = Person,
            SettlementId = SettlementId,
            Sequence = sequence,
            ReversedAt = Dates.Text(now),
            CorrectionId = CorrectionId,
        };
        answer.Alerts.AddRange(AlertMapping.Changes(head.Account, outcome.After!));
        if (target.Kind == LedgerEntryKind.AssistanceLater)
        {
            answer.ReversedAssistance = StoredAnswer.Of<AssistLaterResponse>(target);
        }
        else
        {
            answer.Reversed = StoredAnswer.Of<SettleResponse>(target).Result;
            ReversalNotice notice = Adjudicator.NoticeOnReversal(head.Account, ((ClaimSettled)EventCodec.Decode(target.Event.Span)).Claim);
            if (notice != ReversalNotice.None) answer.Notice = notice.Text();
        }

        LedgerEntry entry = new()
        {
            PersonId = Person,
            Sequence = sequence,
            Kind = Kind,
            Origin = Origin,
            RequestId = RequestId,
            RequestKey = RequestKey,
            BenefitYear = target.BenefitYear,
            EffectiveDate = target.EffectiveDate,
            VisitType = target.VisitType,
            Region = target.Region,
            PackKey = target.PackKey,
            Reverses = target.Sequence,
            Total = target.Total,
            Pooled = target.Pooled,
            SeriousIllness = target.SeriousIllness,
            AssistanceBasic = target.AssistanceBasic,
            AssistanceTilt = target.AssistanceTilt,
            AssistanceOutpatient = target.AssistanceOutpatient,
            AssistanceOther = target.AssistanceOther,
            PersonPays = target.PersonPays,
            Event = EventCodec.Encode(new SettlementReversed(target.Sequence, Origin)),
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(outcome.After!),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), outcome.After, answer, null);
    }
}
