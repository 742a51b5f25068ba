using Google.Protobuf;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;
using Settlement.Simulate;

namespace Settlement.Simulation.Tests;

/// <summary>One violation of each kind, planted into an honest history, is found and called by its name.</summary>
public sealed class CheckerTests
{
    private static IReadOnlyList<Told> Honest => HistoryTape.Honest;

    [Fact]
    public void An_honest_history_has_no_violation() => Assert.Null(HistoryTape.Check(Honest));

    [Fact]
    public void The_honest_history_holds_what_the_planted_ones_are_made_of()
    {
        Assert.Contains(Honest.OfType<Told.Committed>(), told => told.Entry.Kind == LedgerEntryKind.Reversal);
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is QuoteResponse);
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is GetAccountResponse);
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is SettlementView);
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Refusal is { Code: RefusalCodes.RequestConflict });
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is SettleResponse { AlreadySettled: not null });
        Assert.Contains(
            Honest.OfType<Told.Left>(), told => told.Answer.Value is VoidResponse { State: VoidResponse.Types.State.NeverSettles });
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is VoidResponse { State: VoidResponse.Types.State.Reversed });
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is AssistLaterResponse);
        Assert.Contains(Honest.OfType<Told.Left>(), told => told.Answer.Value is GrantForIllnessResponse);
    }

    [Fact]
    public void A_second_writer_of_a_number_is_found() => Finds(Invariant.Fence, Behind(LastSettlement));

    [Fact]
    public void A_gap_is_found() =>
        Finds(Invariant.Fence, Behind(Next(LastSettlement, (nameof(LedgerEntry.Sequence), LastSettlement.Sequence + 2))));

    [Fact]
    public void Content_that_is_not_what_was_hashed_is_found() => Finds(Invariant.Chain, Instead(
        LastSettlement, HistoryTape.With(LastSettlement, keepHash: true, (nameof(LedgerEntry.Region), 210200))));

    [Fact]
    public void An_entry_that_follows_another_than_the_last_is_found() =>
        Finds(Invariant.Chain, Behind(Next(LastSettlement, (nameof(LedgerEntry.PreviousHash), LedgerHash.Of("another"u8)))));

    [Fact]
    public void A_request_with_two_effects_is_found() => Finds(Invariant.RequestOnce, Behind(Next(LastSettlement)));

    [Fact]
    public void A_charge_settled_twice_is_found() =>
        Finds(Invariant.ChargeOnce, Behind(Next(LastSettlement, Request("other")), LastSettlement.Origin));

    [Fact]
    public void An_entry_reversed_twice_is_found()
    {
        LedgerEntry reversal = Honest.OfType<Told.Committed>().Last(told => told.Entry.Kind == LedgerEntryKind.Reversal).Entry;
        LedgerEntry newest = NewestOf(reversal.PersonId);
        Finds(Invariant.ReversedOnce, Behind(
            HistoryTape.With(
                reversal, false,
                    [(nameof(LedgerEntry.Sequence), newest.Sequence + 1), (nameof(LedgerEntry.PreviousHash), newest.Hash),
                    .. Request("other", reversal.Origin)]),
            reversal.Origin,
            OperationKind.Reverse));
    }

    [Fact]
    public void An_entry_that_nobody_asked_for_is_found() =>
        Finds(Invariant.Asked, Behind(Next(LastSettlement, [.. Request("ghost"), (nameof(LedgerEntry.ChargeKey), null)])));

    [Fact]
    public void An_entry_with_other_content_than_was_asked_is_found() => Finds(Invariant.Asked, Instead(
        LastSettlement,
        HistoryTape.With(
            LastSettlement, false, (nameof(LedgerEntry.Total), LastSettlement.Total + 1),
            (nameof(LedgerEntry.PersonPays), LastSettlement.PersonPays + 1))));

    [Fact]
    public void A_figure_that_no_serial_run_gives_is_found() => Finds(Invariant.SerialReplay, Instead(
        PaidSettlement,
        HistoryTape.With(
            PaidSettlement, false, (nameof(LedgerEntry.Pooled), PaidSettlement.Pooled - 1),
            (nameof(LedgerEntry.PersonPays), PaidSettlement.PersonPays + 1))));

    [Fact]
    public void An_account_that_no_serial_run_gives_is_found() => Finds(Invariant.SerialReplay, Instead(
        PaidSettlement,
        HistoryTape.With(
            PaidSettlement, false, (nameof(LedgerEntry.AccountAfter), (ReadOnlyMemory<byte>)AccountCodec.Encode(Account.Empty)))));

    [Fact]
    public void A_counter_above_its_cap_is_found() =>
        Assert.Equal(
            Invariant.Cap,
            HistoryTape.Check(Honest, new Dictionary<CounterId, long> { [CounterId.PooledPaid] = PaidSettlement.Pooled - 1 }));

    [Fact]
    public void A_counter_that_is_not_the_sum_of_what_stands_is_found()
    {
        PersonModel person = new();
        person.Sum(PaidSettlement);
        person.Sum(PaidSettlement);
        Settlement.Simulate.Violation? found = new RuleReplay(Rules.Pack)
            .CheckAfter(person, PaidSettlement, AccountCodec.Decode(PaidSettlement.AccountAfter.Span));
        Assert.Equal(Invariant.Fold, found?.Invariant);
    }

    [Fact]
    public void An_answer_before_its_commit_is_found()
    {
        Told.Left left = Settled();
        Told.Committed committed = Honest.OfType<Told.Committed>().Single(told => told.Entry.RequestKey == left.Operation.RequestKey);
        Finds(Invariant.Durable, Honest.SelectMany<Told, Told>(told => told == committed ? [left, committed] : [told]));
    }

    [Fact]
    public void An_answer_that_is_not_the_stored_one_is_found()
    {
        Told.Left left = Settled();
        SettleResponse other = ((SettleResponse)left.Answer.Value!).Clone();
        other.Result.PersonPays++;
        Finds(Invariant.SameAnswer, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Theory]
    [InlineData(VoidResponse.Types.State.NeverSettles, VoidResponse.Types.State.Reversed)]
    [InlineData(VoidResponse.Types.State.Reversed, VoidResponse.Types.State.NeverSettles)]
    public void An_end_of_a_request_other_than_it_had_is_found(VoidResponse.Types.State had, VoidResponse.Types.State told)
    {
        Told.Left left = Honest.OfType<Told.Left>().First(one => one.Answer.Value is VoidResponse ended && ended.State == had);
        VoidResponse other = ((VoidResponse)left.Answer.Value!).Clone();
        other.State = told;
        Finds(Invariant.Durable, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void A_settlement_under_a_voided_id_is_found()
    {
        LedgerEntry voided = Honest.OfType<Told.Committed>().First(told => told.Entry.Kind == LedgerEntryKind.Void).Entry;
        Finds(Invariant.RequestOnce, Behind(Next(
            LastSettlement, (nameof(LedgerEntry.Origin), voided.Origin), (nameof(LedgerEntry.RequestId), voided.RequestId),
                (nameof(LedgerEntry.RequestKey), voided.RequestKey))));
    }

    [Fact]
    public void A_correction_that_is_not_closed_is_found() => Finds(Invariant.Whole, Honest.Where(told => told != Correction));

    [Fact]
    public void An_entry_in_the_middle_of_a_correction_is_found() =>
        Finds(Invariant.Whole, Honest.SelectMany<Told, Told>(told => told == Correction
            ? [new Told.Committed(PaidSettlement), told]
            : [told]));

    [Fact]
    public void A_correction_that_was_not_asked_so_is_found() => Finds(Invariant.Corrected, Instead(
        Correction.Entry,
            HistoryTape.With(
            Correction.Entry, false, (nameof(LedgerEntry.Event), Closing(corrected => corrected with { Reason = "another" })))));

    [Fact]
    public void A_correction_that_leaves_a_later_settlement_out_is_found()
    {
        Told.Committed[] group = [.. Honest.OfType<Told.Committed>()
            .Where(told => CorrectionChecker.CorrectionOf(told.Entry) == Correction.Entry.RequestKey)];
        LedgerEntry last = group[^2].Entry;
        LedgerEntry closing = HistoryTape.With(
            Correction.Entry,
            false,
            (nameof(LedgerEntry.Sequence), last.Sequence),
            (nameof(LedgerEntry.PreviousHash), last.PreviousHash),
            (nameof(LedgerEntry.AccountAfter), (ReadOnlyMemory<byte>)AccountCodec.Encode(
                Corrections.Close(AccountCodec.Decode(group[^3].Entry.AccountAfter.Span), last.Sequence))));
        Finds(Invariant.Corrected, Honest.Where(told => told != group[^2])
            .Select(told => told == Correction ? new Told.Committed(closing) : told));
    }

    [Fact]
    public void A_report_that_is_not_that_of_its_entries_is_found()
    {
        CorrectResponse report = CorrectResponse.Parser.ParseFrom(Correction.Entry.Answer.Span);
        report.After.PersonPays++;
        Finds(Invariant.Corrected, Instead(
            Correction.Entry,
                HistoryTape.With(Correction.Entry, false, (nameof(LedgerEntry.Answer), (ReadOnlyMemory<byte>)report.ToByteArray()))));
    }

    [Fact]
    public void A_preview_that_no_state_gives_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Answer.Value is CorrectResponse { Preview: true });
        CorrectResponse other = ((CorrectResponse)left.Answer.Value!).Clone();
        other.After.PersonPays++;
        Finds(Invariant.Read, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void Assistance_claimed_twice_for_a_settlement_is_found()
    {
        Operation asked = Honest.OfType<Told.Left>().Last(told => told.Answer.Value is AssistLaterResponse).Operation;
        LedgerEntry assistance = Honest.OfType<Told.Committed>().Single(told => told.Entry.RequestKey == asked.RequestKey).Entry;
        Operation again =
            new() { Kind = asked.Kind, Person = asked.Person, Origin = asked.Origin, RequestId = "other", Request = asked.Request,
            Target = asked.Target };
        LedgerEntry newest = NewestOf(asked.Person);
        Finds(Invariant.AssistedOnce, Behind(new Told.Sent(again), new Told.Committed(HistoryTape.With(
            assistance,
            false,
            [.. Request("other", asked.Origin), (nameof(LedgerEntry.Sequence), newest.Sequence + 1),
                (nameof(LedgerEntry.PreviousHash), newest.Hash)]))));
    }

    [Fact]
    public void A_request_refused_as_voided_that_nobody_voided_is_found()
    {
        Told.Left left = Settled();
        Answer refused = new(null, new RefusalInfo(RefusalCodes.RequestVoided, "", ""), null);
        Finds(Invariant.Refusal, Behind(left with { Answer = refused, CommittedAtDelivery = long.MaxValue }));
    }

    [Fact]
    public void A_settled_charge_answered_with_another_result_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Answer.Value is SettleResponse { AlreadySettled: not null });
        SettleResponse other = ((SettleResponse)left.Answer.Value!).Clone();
        other.Result.PersonPays++;
        Finds(Invariant.SameAnswer, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void A_conflict_that_is_not_refused_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Operation.IsConflict);
        Finds(Invariant.SameAnswer, Instead(left, left with { Answer = new Answer(new SettleResponse(), null, null) }));
    }

    [Fact]
    public void A_request_refused_after_it_was_accepted_is_found()
    {
        Told.Left left = Settled();
        Answer refused = new(null, new RefusalInfo("NOT_COVERED", "", ""), null);
        Finds(Invariant.Refusal, Behind(left with { Answer = refused, CommittedAtDelivery = long.MaxValue }));
    }

    [Fact]
    public void A_refusal_that_no_state_explains_is_found()
    {
        Operation asked = new() { Kind = OperationKind.Settle, Person = "P0", Origin = "H1", RequestId = "new", Request = Settled()
            .Operation.Settle };
        Answer refused = new(null, new RefusalInfo("NOT_COVERED", "", ""), null);
        Finds(Invariant.Refusal, Behind(new Told.Sent(asked), new Told.Left(asked, refused, 0)));
    }

    [Fact]
    public void A_quote_that_no_state_gives_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Answer.Value is QuoteResponse);
        QuoteResponse other = ((QuoteResponse)left.Answer.Value!).Clone();
        other.Result.PersonPays++;
        Finds(Invariant.Read, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void An_account_that_never_was_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Answer.Value is GetAccountResponse { Counters.Count: > 0 });
        GetAccountResponse other = ((GetAccountResponse)left.Answer.Value!).Clone();
        other.Counters.RemoveAt(0);
        Finds(Invariant.Read, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void A_settlement_shown_other_than_it_was_made_is_found()
    {
        Told.Left left = Honest.OfType<Told.Left>().First(told => told.Answer.Value is SettlementView);
        SettlementView other = ((SettlementView)left.Answer.Value!).Clone();
        other.Result.Pooled++;
        Finds(Invariant.Read, Instead(left, left with { Answer = new Answer(other, null, null) }));
    }

    [Fact]
    public void An_answered_entry_that_is_gone_at_the_end_is_found()
    {
        Told.Rested rested = Honest.OfType<Told.Rested>().Single();
        Finds(Invariant.Kept, Instead(rested, new Told.Rested([.. rested.Ledger.Skip(1)])));
    }

    [Fact]
    public void An_exception_out_of_a_grain_is_found() =>
        Finds(Invariant.NoDefect, Instead(
            Settled(), Settled() with { Answer = new Answer(null, null, new InvalidOperationException("planted")) }));

    /// <summary>The entry that closes a correction which settled something again.</summary>
    private static Told.Committed Correction => Honest.OfType<Told.Committed>().First(told => told.Entry.Kind == LedgerEntryKind.Correction
        && Honest.OfType<Told.Committed>().Any(made => made.Entry.Kind == LedgerEntryKind.Settlement
            && CorrectionChecker.CorrectionOf(made.Entry) == told.Entry.RequestKey));

    private static ReadOnlyMemory<byte> Closing(Func<SettlementsCorrected, SettlementsCorrected> change) =>
        EventCodec.Encode(change((SettlementsCorrected)EventCodec.Decode(Correction.Entry.Event.Span)));

    private static LedgerEntry LastSettlement => Honest.OfType<Told.Committed>().Last(told =>
        told.Entry.Kind == LedgerEntryKind.Settlement && NewestOf(told.Entry.PersonId) == told.Entry).Entry;

    private static LedgerEntry PaidSettlement =>
        Honest.OfType<Told.Committed>().First(told => told.Entry is { Kind: LedgerEntryKind.Settlement, Pooled: > 0 }).Entry;

    private static LedgerEntry NewestOf(string person) => Honest.OfType<Told.Committed>().Last(told => told.Entry.PersonId == person).Entry;

    private static Told.Left Settled() =>
        Honest.OfType<Told.Left>()
            .First(told => told.Answer.Value is SettleResponse { AlreadySettled: null } && !told.Operation.IsConflict);

    /// <summary>The entry that would come next in the person's ledger, as a copy of another.</summary>
    private static LedgerEntry Next(LedgerEntry entry, params (string Name, object? Value)[] changes)
    {
        (string, object?)[] following = [
            (nameof(LedgerEntry.Sequence), entry.Sequence + 1), (nameof(LedgerEntry.PreviousHash), entry.Hash)];
        return HistoryTape.With(entry, false, [.. changes, .. following]);
    }

    private static (string Name, object? Value)[] Request(string id, string? origin = null) =>
        [(nameof(LedgerEntry.RequestId), id), (nameof(LedgerEntry.RequestKey), LedgerKey.ForRequest(origin ?? LastSettlement.Origin, id))];

    /// <summary>The honest history with something told at its end, before the rest.</summary>
    private static IEnumerable<Told> Behind(params Told[] planted) => [.. Honest.SkipLast(1), .. planted];

    private static IEnumerable<Told> Behind(LedgerEntry entry) => Behind(new Told.Committed(entry));

    /// <summary>An entry for which somebody asks first.</summary>
    private static IEnumerable<Told> Behind(LedgerEntry entry, string origin, OperationKind kind = OperationKind.Settle) => Behind(
        new Told.Sent(
            new Operation { Kind = kind, Person = entry.PersonId, Origin = origin, RequestId = entry.RequestId, Request = Settled()
            .Operation.Request }),
        new Told.Committed(entry));

    private static IEnumerable<Told> Instead(Told honest, Told planted) => Honest.Select(told => told == honest ? planted : told);

    private static IEnumerable<Told> Instead(LedgerEntry honest, LedgerEntry planted) =>
        Honest.Select(told => told is Told.Committed committed && committed.Entry == honest ? new Told.Committed(planted) : told);

    private static void Finds(Invariant expected, IEnumerable<Told> history) => Assert.Equal(expected, HistoryTape.Check(history));
}
