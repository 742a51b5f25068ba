using Settlement.Contract;
using Settlement.Correcting;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Persons;

/// <summary>Settling one claim.</summary>
internal sealed class SettleChange : Change<SettleAnswer>
{
    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.Settlement;

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The request, for the ids that the answer repeats.</summary>
    public required SettleRequest Request { get; init; }

    /// <summary>The claim.</summary>
    public required Claim Claim { get; init; }

    /// <summary>What binds the one who settles.</summary>
    public SettlerTerms Terms { get; init; } = SettlerTerms.Agency;

    /// <summary>The correction that settles the claim again, else null.</summary>
    public CorrectionPart? Correction { get; init; }

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (!head.IsRegistered) return Refuse.NotRegistered;
        if (Refuse.WithoutContract(Terms, Claim.DischargeDate) is { } withoutContract) return withoutContract;
        if (Ahead(Dates.DayOf(now)) is { } ahead) return ahead;
        int sequence = head.Sequence + 1;
        Decision decision = Adjudicator.Settle(head.Account, Claim, sequence);
        if (decision is Policy.Refusal refusal) return RefusalMapping.ToInfo(refusal);

        Adjudication settled = (Adjudication)decision;
        ResultIds ids = new()
        {
            SettlementId = RequestKey.ToString(),
            RequestId = RequestId,
            Person = Request.Person,
            VisitId = Request.VisitId,
            ChargeBatch = Request.ChargeBatch,
            Sequence = sequence,
            SettledAt = Dates.Text(now),
            CorrectionId = Correction?.Id,
            Replaces = Correction?.Replaces,
        };
        SettleAnswer answer = new(ResultEncoding.Answer(ids, settled, head.Account, Adjudicator.Catalogue));
        Amounts amounts = settled.Amounts;
        LedgerEntry entry = new()
        {
            PersonId = Request.Person,
            Sequence = sequence,
            Kind = Kind,
            Origin = Origin,
            RequestId = RequestId,
            RequestKey = RequestKey,
            ChargeKey = ChargeKey,
            ChargeGeneration = ChargeGeneration,
            BenefitYear = settled.BenefitYear,
            EffectiveDate = Claim.DischargeDate,
            VisitType = (short)Claim.VisitType,
            Region = Claim.Region,
            PackKey = settled.PackKey,
            Total = amounts.Total,
            Pooled = amounts.Pooled,
            SeriousIllness = amounts.SeriousIllness,
            AssistanceBasic = amounts.AssistanceBasic,
            AssistanceTilt = amounts.AssistanceTilt,
            AssistanceOutpatient = amounts.AssistanceOutpatient,
            AssistanceOther = amounts.AssistanceOther,
            PersonPays = amounts.PersonPays,
            Event = Event,
            Answer = answer.Encoded,
            AccountAfter = AccountCodec.Encode(settled.After),
            RecordedAt = now,
            PreviousHash = head.Hash,
        };
        return new Proposal(entry.Seal(), settled.After, answer, null);
    }

    private RefusalInfo? Ahead(DateOnly today) =>
        Terms.IsFacility ? Refuse.Ahead("claim.dischargeDate", Claim.DischargeDate, today)
        : Claim.ReceivedByHand is { } received ? Refuse.Ahead("receivedOn", received, today)
        : null;

    /// <inheritdoc/>
    public override SettleAnswer AnswerOf(LedgerEntry entry) => new(entry.Answer.ToArray());

    /// <inheritdoc/>
    public override SettleAnswer AnswerForSettledCharge(LedgerEntry first)
    {
        SettleResponse answer = StoredAnswer.Of<SettleResponse>(first);
        answer.AlreadySettled = new AlreadySettled { Code = RefusalCodes.ChargeAlreadySettled, FirstRequestId = first.RequestId };
        return SettleAnswer.Of(answer);
    }
}
