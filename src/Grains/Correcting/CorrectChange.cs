using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Correcting;

/// <summary>
/// Correction of an older settlement: it and the later ones of its benefit year are reversed, newest first, and settled again in their
/// order, as one group of entries that an entry with the report closes.
/// </summary>
internal sealed class CorrectChange : MessageChange<CorrectResponse>
{
    private CorrectionHistory? history;

    /// <inheritdoc/>
    public override LedgerEntryKind Kind => LedgerEntryKind.Correction;

    /// <inheritdoc/>
    public override bool ReadsHistory => true;

    /// <inheritdoc/>
    public override int NewestSeen => history?.NewestSequence ?? 0;

    /// <summary>The rules.</summary>
    public required Adjudicator Adjudicator { get; init; }

    /// <summary>The person.</summary>
    public required string Person { get; init; }

    /// <summary>The settlement that was wrong.</summary>
    public required string SettlementId { get; init; }

    /// <summary>The claim as it should have been sent, or null to take the settlement back.</summary>
    public required Claim? Replacement { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether only the answer is wanted.</summary>
    public required bool Preview { get; init; }

    /// <summary>Reads the wrong settlement and what stands on top of it.</summary>
    public override async ValueTask Prepare(ILedgerStore store)
    {
        history = null;
        if (LedgerKey.TryParse(SettlementId, out LedgerKey key)
            && await store.ReadByRequestAsync(key) is { Kind: LedgerEntryKind.Settlement } wrong && wrong.PersonId == Person)
            history = await CorrectionHistory.ReadAsync(store, wrong, Replacement?.Facility.Code);
    }

    /// <inheritdoc/>
    public override bool IsRepeatOf(LedgerEntry entry, string person) =>
        entry.Kind == Kind && entry.PersonId == person && AnswerOf(entry).SettlementId == SettlementId
        && EventCodec.Decode(entry.Event.Span) is SettlementsCorrected before
        && EventCodec.Encode(before).AsSpan().SequenceEqual(EventCodec.Encode(before with { Replacement = Replacement, Reason = Reason }));

    /// <inheritdoc/>
    public override ValueTask<RefusalInfo> Complete(RefusalInfo refusal, ILedgerStore store) =>
        Refuse.NotFoundOrDetached(refusal, SettlementId, store);

    /// <inheritdoc/>
    public override Proposal Propose(PersonHead head, DateTimeOffset now)
    {
        if (history is null) return Refuse.NotFound(SettlementId);
        if (history.Standing.Count == 0) return RefusalMapping.ToInfo(new Policy.Refusal(RefusalCode.AlreadyReversed));
        if (history.Detached is { } period) return Refuse.PeriodDetached(period);
        if (history.ChargeStands) return Refuse.ChargeStands(history.Charged!.RequestId);

        // Each entry taken back, each made again, and the one that closes.
        int most = 2 * history.Standing.Count + 1;
        if (most > LedgerGroup.MaxEntries) return Refuse.CorrectionOfTooManyEntries(most);
        CorrectionDraft draft = new(RequestKey, Adjudicator, Person, history, head, now);
        if ((draft.Reverse() ?? draft.SettleAgain(Replacement)) is { } refusal) return refusal;

        CorrectionReport report = new(Adjudicator, head.Account, draft);
        CorrectResponse answer = report.ToAnswer();
        answer.RequestId = RequestId;
        answer.Person = Person;
        answer.SettlementId = SettlementId;
        answer.Reason = Reason;
        if (Preview)
        {
            CorrectionReport.ForgetWhatWasNotWritten(answer);
            return new Proposal(null, null, answer, null);
        }

        answer.CorrectionId = RequestKey.ToString();
        answer.Sequence = draft.Head.Sequence + 1;
        answer.CorrectedAt = Dates.Text(now);
        LedgerEntry closing = Close(draft, answer, now, out Account after);
        List<LedgerEntry> entries = [.. draft.Entries, closing];
        long bytes = LedgerGroup.SizeOf(entries);
        return bytes > LedgerGroup.MaxBytes
            ? Refuse.CorrectionOfTooManyBytes(bytes)
            : new Proposal(closing, after, answer, null) { Group = LedgerGroup.Of(entries) };
    }

    private LedgerEntry Close(CorrectionDraft draft, CorrectResponse answer, DateTimeOffset now, out Account after)
    {
        LedgerEntry wrong = history!.Wrong;
        int sequence = draft.Head.Sequence + 1;
        after = Corrections.Close(draft.Head.Account, sequence);
        return new LedgerEntry
        {
            PersonId = Person,
            Sequence = sequence,
            Kind = Kind,
            Origin = Origin,
            RequestId = RequestId,
            RequestKey = RequestKey,
            BenefitYear = wrong.BenefitYear,
            EffectiveDate = Dates.DayOf(now),
            Region = wrong.Region,
            PackKey = Adjudicator.Catalogue.Find(wrong.Region)?.PackKey ?? wrong.PackKey,
            Event = EventCodec.Encode(new SettlementsCorrected(wrong.Sequence, draft.Entries[0].Sequence, Replacement, Reason)),
            Answer = answer.ToByteArray(),
            AccountAfter = AccountCodec.Encode(after),
            RecordedAt = now,
            PreviousHash = draft.Head.Hash,
        }.Seal();
    }
}
