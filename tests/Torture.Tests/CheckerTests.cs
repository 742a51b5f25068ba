using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;
using Settlement.Simulation.Tests;
using Settlement.Torture.Checking;
using Settlement.Torture.History;

namespace Settlement.Torture.Tests;

/// <summary>One violation of each kind, planted into an honest history or its ledger, is found and called by its name.</summary>
public sealed class CheckerTests
{
    private static IReadOnlyList<Attempt> Honest => HonestRun.Attempts;

    private static IReadOnlyList<LedgerEntry> Ledger => HonestRun.Ledger;

    /// <summary>A settlement that is the newest entry of its person, so that nothing else rests on it.</summary>
    private static Attempt Newest =>
        Honest.Last(attempt => attempt is { Kind: OperationKind.Settle, Outcome: Outcome.Acknowledged, Conflict: false }
        && EntryOf(attempt).Sequence == CountOf(attempt.Person));

    private static long End => Honest.Max(attempt => attempt.Returned) + 10;

    [Fact]
    public async Task An_honest_history_has_no_violation()
    {
        CheckResult result = await HonestRun.ResultAsync(Honest, Ledger);
        Assert.Empty(result.Violations);
        // What a correction takes back and settles again nobody asked for by itself.
        Assert.Equal(Ledger.Count(static entry => !entry.RequestId.StartsWith("CORRECTION-", StringComparison.Ordinal)), result.Acknowledged);
        Assert.Equal(0, result.Indeterminate);
    }

    [Theory]
    [InlineData(OperationKind.Reverse, Outcome.Acknowledged)]
    [InlineData(OperationKind.Quote, Outcome.Acknowledged)]
    [InlineData(OperationKind.Account, Outcome.Acknowledged)]
    [InlineData(OperationKind.Get, Outcome.Acknowledged)]
    [InlineData(OperationKind.Settle, Outcome.AlreadySettled)]
    [InlineData(OperationKind.Settle, Outcome.Refused)]
    internal void The_honest_history_holds_what_the_planted_ones_are_made_of(OperationKind kind, Outcome outcome) =>
        Assert.Contains(Honest, attempt => attempt.Kind == kind && attempt.Outcome == outcome);

    [Fact]
    public Task An_acknowledged_settlement_that_is_lost_is_found() =>
        FindsAsync(Invariant.Kept, Honest, Ledger.Where(entry => entry != EntryOf(Newest)));

    [Fact]
    public Task A_request_with_two_effects_is_found() =>
        FindsAsync(Invariant.Once, Honest, [.. Ledger, Next(EntryOf(Newest), ("ChargeKey", null))]);

    [Fact]
    public Task An_answer_other_than_the_one_kept_is_found() =>
        FindsAsync(Invariant.SameAnswer, Instead(Newest, Newest with { Answer = "another" }), Ledger);

    [Fact]
    public Task A_repeat_that_is_answered_otherwise_is_found() =>
        FindsAsync(Invariant.SameAnswer, [.. Honest, Later(Newest) with { Answer = "another" }], Ledger);

    [Fact]
    public Task A_charge_answered_with_another_result_than_its_first_is_found() =>
        FindsAsync(Invariant.SameAnswer, Instead(Repeated, Repeated with { Answer = "another" }), Ledger);

    [Fact]
    public Task A_charge_answered_with_a_request_that_is_not_there_is_found() =>
        FindsAsync(Invariant.Kept, Instead(Repeated, Repeated with { First = "nothing" }), Ledger);

    [Fact]
    public Task A_refused_request_that_is_there_is_found() => FindsAsync(
        Invariant.Refused,
        Honest.Select(attempt => IsOf(attempt, Newest)
            ? attempt with { Outcome = Outcome.Refused, Code = "NOT_COVERED", Answer = "", Sequence = 0 }
            : attempt),
        Ledger);

    [Fact]
    public Task A_busy_request_that_is_there_is_found() => FindsAsync(
        Invariant.Refused,
        Honest.Select(attempt => IsOf(attempt, Newest)
            ? attempt with { Outcome = Outcome.Refused, Code = RefusalCodes.Busy, Answer = "", Sequence = 0 }
            : attempt),
        Ledger);

    [Fact]
    public Task A_request_refused_after_it_was_accepted_is_found() =>
        FindsAsync(Invariant.Refused, [
            .. Honest, Later(Newest) with { Outcome = Outcome.Refused, Code = "NOT_COVERED", Answer = "", Sequence = 0 }], Ledger);

    [Fact]
    public Task Other_content_that_is_accepted_under_a_known_id_is_found() =>
        FindsAsync(Invariant.Refused, [.. Honest, Later(Newest) with { Conflict = true }], Ledger);

    [Fact]
    public Task Other_content_that_is_refused_for_another_reason_is_found() => FindsAsync(
        Invariant.Refused,
            [.. Honest, Later(Newest) with { Conflict = true, Outcome = Outcome.Refused, Code = "NOT_COVERED", Answer = "", Sequence = 0 }],
            Ledger);

    [Fact]
    public Task An_entry_that_nobody_asked_for_is_found() =>
        FindsAsync(Invariant.Asked, Honest.Where(attempt => !IsOf(attempt, Newest) && attempt.Target.Length == 0), Ledger);

    [Fact]
    public Task An_entry_with_other_content_than_was_asked_is_found() =>
        FindsAsync(Invariant.Asked, Honest.Select(attempt => IsOf(attempt, Newest)
            ? attempt with { Total = attempt.Total + 1 }
            : attempt), Ledger);

    [Fact]
    public Task A_settlement_numbered_before_one_that_was_acknowledged_first_is_found()
    {
        // The entry before the newest: as if it had been asked for when the newest was known already.
        LedgerEntry before = Ledger.Single(entry => entry.PersonId == Newest.Person && entry.Sequence == EntryOf(Newest).Sequence - 1);
        return FindsAsync(
            Invariant.Order,
            Honest.Select(attempt => IsOf(attempt, before) ? attempt with { Invoked = End, Returned = End + 10 } : attempt), Ledger);
    }

    [Fact]
    public Task A_settlement_numbered_before_one_that_a_read_had_shown_is_found() => FindsAsync(
        Invariant.Order,
        [
            .. Honest.Select(attempt => IsOf(attempt, Newest) ? attempt with { Invoked = End + 10, Returned = End + 20 } : attempt),
            Account(Newest.Person, Newest.Sequence) with { Invoked = End - 5, Returned = End },
        ],
        Ledger);

    [Fact]
    public Task A_read_that_goes_back_is_found() => FindsAsync(Invariant.Reads, [.. Honest, Account(Newest.Person, 1)], Ledger);

    [Fact]
    public async Task A_read_that_lags_behind_another_silo_is_counted_and_no_violation()
    {
        CheckResult result = await HonestRun.ResultAsync([.. Honest, Account(Newest.Person, 1) with { Silo = 7 }], Ledger);
        Assert.Empty(result.Violations);
        Assert.Equal(1, result.ReadsBehind);
    }

    [Fact]
    public Task An_account_that_never_was_is_found()
    {
        Attempt read = Honest.First(attempt => attempt is { Kind: OperationKind.Account, Outcome: Outcome.Acknowledged });
        return FindsAsync(Invariant.Reads, Instead(read, read with { Figures = [read.Figures[0] + 1, read.Figures[1]] }), Ledger);
    }

    [Fact]
    public Task A_quote_that_no_state_gives_is_found()
    {
        Attempt quote = Honest.First(attempt => attempt is { Kind: OperationKind.Quote, Outcome: Outcome.Acknowledged });
        return FindsAsync(
            Invariant.Reads, Instead(quote, quote with { Figures = [.. quote.Figures.Select(static fen => fen + 1)] }), Ledger);
    }

    [Fact]
    public Task A_settlement_shown_other_than_it_is_is_found()
    {
        Attempt view = Honest.First(attempt => attempt is { Kind: OperationKind.Get, Outcome: Outcome.Acknowledged });
        return FindsAsync(Invariant.Reads, Instead(view, view with { Answer = "another" }), Ledger);
    }

    [Fact]
    public Task A_settlement_that_was_acknowledged_and_is_not_shown_is_found()
    {
        Attempt view = Honest.First(attempt => attempt is { Kind: OperationKind.Get, Outcome: Outcome.Acknowledged });
        return FindsAsync(
            Invariant.Reads, [.. Honest, Later(view) with { Outcome = Outcome.Refused, Code = "NOT_FOUND", Answer = "" }], Ledger);
    }

    [Fact]
    public Task A_request_that_was_accepted_and_is_not_known_when_asked_for_is_found() =>
        FindsAsync(Invariant.Kept, [.. Honest, NotKnown(Newest)], Ledger);

    [Fact]
    public Task A_request_that_was_accepted_and_is_in_progress_when_asked_for_is_found() =>
        FindsAsync(Invariant.Kept, [.. Honest, NotKnown(Newest) with { Code = "InProgress" }], Ledger);

    [Fact]
    public async Task An_unknown_outcome_may_be_either_and_is_counted()
    {
        CheckResult there = await HonestRun.ResultAsync(
            Honest.Select(attempt => IsOf(attempt, Newest) ? Unknown(attempt) : attempt), Ledger);
        Assert.Empty(there.Violations);
        Assert.Equal((1, 1), (there.Indeterminate, there.IndeterminateThere));

        Attempt never = Unknown(Newest) with { Operation = int.MaxValue, RequestId = "never" };
        CheckResult absent = await HonestRun.ResultAsync([.. Honest, never], Ledger);
        Assert.Empty(absent.Violations);
        Assert.Equal((1, 0), (absent.Indeterminate, absent.IndeterminateThere));
    }

    [Fact]
    public Task A_request_that_is_there_and_was_not_known_at_rest_is_found() => FindsAsync(
        Invariant.Kept,
            [.. Honest.Select(attempt => IsOf(attempt, Newest) ? Unknown(attempt) : attempt), NotKnown(Newest) with { AtRest = true }],
            Ledger);

    [Fact]
    public Task A_request_that_failed_unexpectedly_is_found() =>
        FindsAsync(Invariant.NoDefect, [.. Honest, Later(Newest) with { Outcome = Outcome.Defect, Answer = "", Sequence = 0 }], Ledger);

    [Fact]
    public Task A_second_writer_of_a_number_is_found()
    {
        LedgerEntry newest = EntryOf(Newest);
        Attempt second = Later(
            Newest) with { Operation = int.MaxValue, RequestId = "second", Invoked = Newest.Invoked, Outcome = Outcome.Indeterminate };
        return FindsAsync(
            Invariant.Sequence, [.. Honest, second],
            [.. Ledger, HistoryTape.With(newest, false, [.. Request(newest, "second"), ("ChargeKey", null)])]);
    }

    [Fact]
    public Task Content_that_is_not_what_was_hashed_is_found() =>
        FindsAsync(Invariant.Chain, Honest,
            Instead(EntryOf(Newest), HistoryTape.With(EntryOf(Newest), keepHash: true, (nameof(LedgerEntry.Region), 210200))));

    [Fact]
    public Task An_entry_that_follows_another_than_the_last_is_found() => FindsAsync(
        Invariant.Chain, Honest,
            Instead(EntryOf(Newest), HistoryTape.With(
            EntryOf(Newest), false, (nameof(LedgerEntry.PreviousHash), LedgerHash.Of("another"u8)))));

    [Fact]
    public Task A_figure_that_no_serial_run_gives_is_found()
    {
        LedgerEntry paid = Ledger.First(entry => entry is { Kind: LedgerEntryKind.Settlement, Pooled: > 0 });
        return FindsAsync(Invariant.Replay, Honest, Instead(
            paid, HistoryTape.With(
                paid, true, (nameof(LedgerEntry.Pooled), paid.Pooled - 1), (nameof(LedgerEntry.PersonPays), paid.PersonPays + 1))));
    }

    [Fact]
    public Task A_counter_above_its_cap_is_found()
    {
        LedgerEntry paid = Ledger.First(entry => entry is { Kind: LedgerEntryKind.Settlement, Pooled: > 0 });
        Account above = Overdrawn(paid);
        return FindsAsync(Invariant.Cap, Honest, Instead(
            paid, HistoryTape.With(paid, true, (nameof(LedgerEntry.AccountAfter), (ReadOnlyMemory<byte>)AccountCodec.Encode(above)))));
    }

    /// <summary>A charge that was sent again under another id, and answered with its first settlement.</summary>
    private static Attempt Repeated => Honest.First(attempt => attempt.Outcome == Outcome.AlreadySettled);

    private static Account Overdrawn(LedgerEntry entry)
    {
        Account account = AccountCodec.Decode(entry.AccountAfter.Span);
        CounterSet counters = account.Counters.Add([new Counter(new CounterKey(CounterId.PooledPaid, entry.BenefitYear), 100_000_000)], []);
        return account.With(counters, entry.BenefitYear, account.TipOf(entry.BenefitYear), account.LastSequence);
    }

    private static LedgerEntry EntryOf(Attempt attempt) => Ledger.Single(entry => IsOf(attempt, entry));

    private static int CountOf(string person) => Ledger.Count(entry => entry.PersonId == person);

    private static bool IsOf(Attempt attempt, Attempt other) =>
        attempt.RequestId.Length > 0 && (attempt.Origin, attempt.RequestId) == (other.Origin, other.RequestId);

    private static bool IsOf(Attempt attempt, LedgerEntry entry) => (attempt.Origin, attempt.RequestId) == (entry.Origin, entry.RequestId);

    /// <summary>The same once more, when everything else is over.</summary>
    private static Attempt Later(Attempt attempt) => attempt with { Invoked = End, Returned = End + 10 };

    private static Attempt Unknown(Attempt attempt) =>
        attempt with { Outcome = Outcome.Indeterminate, Code = "DeadlineExceeded", Answer = "", Sequence = 0 };

    private static Attempt NotKnown(Attempt attempt) =>
        Later(attempt) with { Kind = OperationKind.Ask, Outcome = Outcome.Acknowledged, Code = "NotKnown", Answer = "", Sequence = 0 };

    /// <summary>A read through silo 0, at the end, that shows the account after an entry as it was.</summary>
    private static Attempt Account(string person, int sequence)
    {
        Account account = AccountCodec.Decode(Ledger.Single(entry => entry.PersonId == person && entry.Sequence == sequence)
            .AccountAfter.Span);
        long pooled = 0;
        foreach (ref readonly Counter counter in account.Counters.Yearly)
        {
            if (counter.Key.Id == CounterId.PooledPaid) pooled += counter.Value;
        }

        return new Attempt
        {
            Operation = int.MaxValue,
            Kind = OperationKind.Account,
            Person = person,
            Silo = 0,
            Invoked = End,
            Returned = End + 10,
            Sequence = sequence,
            Figures = [pooled, account.Counters.Yearly.Length + account.Counters.Referenced.Length],
        };
    }

    /// <summary>The entry that would come next in the person's ledger, as a copy of another.</summary>
    private static LedgerEntry Next(LedgerEntry entry, params (string Name, object? Value)[] changes) => HistoryTape.With(
        entry, false, [.. changes, (nameof(LedgerEntry.Sequence), entry.Sequence + 1), (nameof(LedgerEntry.PreviousHash), entry.Hash)]);

    private static (string Name, object? Value)[] Request(LedgerEntry entry, string id) =>
        [(nameof(LedgerEntry.RequestId), id), (nameof(LedgerEntry.RequestKey), LedgerKey.ForRequest(entry.Origin, id))];

    private static IEnumerable<Attempt> Instead(Attempt honest, Attempt planted) =>
        Honest.Select(attempt => ReferenceEquals(attempt, honest) ? planted : attempt);

    private static IEnumerable<LedgerEntry> Instead(LedgerEntry honest, LedgerEntry planted) =>
        Ledger.Select(entry => entry == honest ? planted : entry);

    // One change may break several promises: the one expected is among them.
    private static async Task FindsAsync(Invariant expected, IEnumerable<Attempt> attempts, IEnumerable<LedgerEntry> ledger) =>
        Assert.Contains(expected, (await HonestRun.ResultAsync(attempts, ledger))
            .Violations.Select(static violation => violation.Invariant));
}
