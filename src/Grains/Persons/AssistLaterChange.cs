using Google.Protobuf;
using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>Assistance claimed by hand for a settlement that could not be one-stop.</summary>
internal sealed class AssistLaterChange : MessageChange<AssistLaterResponse>
{
    private LedgerEntry? target;

    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.AssistanceLater;

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>The settlement whose assistance was withheld.</summary>
    public required string SettlementId { get; init; }

    /// <summary>The correction that claims it again, else null.</summary>
    public CorrectionPart? Correction { get; init; }

    /// <summary>The settlement where the caller has it; then nothing needs to be prepared.</summary>
    public LedgerEntry Known { init => target = value; }

    /// <summary>Reads the settlement.</summary>
    public override async ValueTask Prepare(ILedgerStore store)
    {
        if (target is not null || !LedgerKey.TryParse(SettlementId, out LedgerKey key)) return;
        target = await store.ReadByRequestAsync(key) is { Kind: LedgerEntryKind.Settlement } found && found.PersonId == Person
            ? found
            : null;
    }

    /// <inheritdoc/>
    public override bool IsRepeatOf(LedgerEntry entry, string person) =>
        entry.Kind == Kind && entry.PersonId == person && AnswerOf(entry).SettlementId == SettlementId;

    /// <inheritdoc/>
    public override ValueTask<RefusalInfo> Complete(RefusalInfo refusal, ILedgerStore store) =>
        Refuse.NotFoundOrDetached(refusal, SettlementId, store);

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (target is null) return Refuse.NotFound(SettlementId);
        int sequence = head.Sequence + 1;
        Decision decision = Adjudicator.AssistLater(head.Account, StoredResult.AsSettled(target), sequence);
        if (decision is Policy.Refusal refusal) return RefusalMapping.ToInfo(refusal);

        Adjudication assisted = (Adjudication)decision;
        Amounts amounts = assisted.Amounts;
        AssistLaterResponse answer = new()
        {
            AssistanceId = RequestKey.ToString(),
            RequestId = RequestId,
            Person = Person,
            SettlementId = SettlementId,
            Sequence = sequence,
            AssistedAt = Dates.Text(now),
            AssistanceBasic = amounts.AssistanceBasic,
            AssistanceTilt = amounts.AssistanceTilt,
            AssistanceOutpatient = amounts.AssistanceOutpatient,
            AssistanceOther = amounts.AssistanceOther,
            PersonPays = amounts.PersonPays,
        };
        if (Correction is { } correction) (answer.CorrectionId, answer.Replaces) = (correction.Id, correction.Replaces);
        foreach (RuleStep step in assisted.Steps) answer.Steps.Add(StepMapping.ToWire(step));
        answer.Alerts.AddRange(AlertMapping.Changes(head.Account, assisted.After));
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
            PackKey = assisted.PackKey,
            Total = amounts.Assistance,
            AssistanceBasic = amounts.AssistanceBasic,
            AssistanceTilt = amounts.AssistanceTilt,
            AssistanceOutpatient = amounts.AssistanceOutpatient,
            AssistanceOther = amounts.AssistanceOther,
            Event = EventCodec.Encode(new AssistanceLater(target.Sequence)),
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(assisted.After),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), assisted.After, answer, null);
    }
}
