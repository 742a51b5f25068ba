using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>A batch is sent while the one before it is under way, and neither is ever taken for the other.</summary>
public sealed class StreamTests : LedgerTest
{
    // As many as the writer sends behind a batch that is under way.
    private const int Enough = 32;

    private StreamGate gate = null!;
    private LedgerWriter writer = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        gate = Own(new StreamGate(Store));
        writer = OpenWriter(gate, new LedgerWriterOptions { Count = 1, RetryDelay = TimeSpan.FromMilliseconds(5) });
    }

    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    [Fact]
    public async Task A_batch_is_sent_while_the_one_before_it_is_under_way()
    {
        Task<AppendOutcome>[] first = await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        Task<AppendOutcome>[] second = StartOthers(Enough);
        Assert.Equal(Enough, (await gate.SentAsync()).Length);
        Assert.False(first[0].IsCompleted);

        Let(2);
        Assert.All(await StatusesAsync(first.Concat(second)), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(1 + Enough, (await ScanSoundAsync()).Count);
        Assert.Equal(0, gate.WrittenByThemselves);
    }

    [Fact]
    public async Task Two_batches_are_on_their_way_and_no_third()
    {
        await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        Task<AppendOutcome>[] second = StartOthers(Enough);
        await gate.SentAsync();
        Task<AppendOutcome>[] third = [.. StartOthers(Enough, "more"), .. StartOthers(Enough, "still")];
        gate.Let(Answer.Comes);

        Assert.Equal(2 * Enough, (await gate.SentAsync()).Length);
        Let(2);
        Assert.All(await StatusesAsync(second.Concat(third)), static status => Assert.Equal(AppendStatus.Appended, status));
        await ScanSoundAsync();
    }

    [Fact]
    public async Task A_few_entries_wait_for_the_answer()
    {
        await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        Task<AppendOutcome>[] few = StartOthers(Enough - 1);
        gate.Let(Answer.Comes);
        Assert.Equal(Enough - 1, (await gate.SentAsync()).Length);
        gate.Let(Answer.Comes);
        Assert.All(await StatusesAsync(few), static status => Assert.Equal(AppendStatus.Appended, status));
    }

    [Fact]
    public async Task A_silo_that_stalls_leaves_no_transaction_open()
    {
        // Nothing is heard of either batch, and nobody asks: both are there all the same.
        await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        StartOthers(Enough);
        await gate.SentAsync();
        await UntilAsync(async () => await Place.ScalarAsync($"SELECT count(*) FROM {Place.EntryTable}") is 1L + Enough);
        Let(2);
    }

    [Fact]
    public async Task An_entry_whose_lane_is_under_way_waits_for_its_outcome()
    {
        PersonHistory person = new("A");
        PersonLane lane = writer.OpenLane("A");
        await StartUnderWayAsync(lane, person.Settle("a1"));
        Task<AppendOutcome>[] followers = [Start(writer, lane, person.Settle("a2")), Start(writer, lane, person.Settle("a3"))];
        Task<AppendOutcome>[] others = StartOthers(Enough);
        Assert.DoesNotContain(await gate.SentAsync(), static entry => entry.PersonId == "A");
        gate.Let(Answer.Comes);

        Let(2);
        Assert.Equal(["a2", "a3"], (await gate.SentAsync()).Select(static entry => entry.RequestId));
        Assert.All(await StatusesAsync(followers.Concat(others)), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(3 + Enough, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task What_stands_against_a_batch_fails_its_lane_and_not_the_batch_behind_it()
    {
        await AppendElsewhereAsync(new PersonHistory("B").Settle("taken"));
        PersonHistory person = new("A");
        PersonLane lane = writer.OpenLane("A");
        Task<AppendOutcome>[] first = await StartUnderWayAsync(lane, person.Settle("taken"));
        Task<AppendOutcome> follower = Start(writer, lane, person.Settle("a2"));
        Task<AppendOutcome>[] others = StartOthers(Enough);
        await gate.SentAsync();
        Let(2);

        Assert.Equal([AppendStatus.DuplicateRequest, AppendStatus.Abandoned], await StatusesAsync([.. first, follower]));
        Assert.All(await StatusesAsync(others), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(1 + Enough, (await ScanSoundAsync()).Count);
        Assert.Equal(1, gate.WrittenByThemselves);
    }

    [Fact]
    public async Task What_stands_against_one_entry_harms_no_neighbour_in_its_batch()
    {
        await AppendElsewhereAsync(new PersonHistory("B").Settle("taken"));
        LedgerEntry theirs = new PersonHistory("C").Settle("theirs");
        await AppendElsewhereAsync(theirs);
        PersonHistory stale = new("C");
        stale.Settle("mine");
        await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));

        Task<AppendOutcome> taken = Start(writer, writer.OpenLane("D"), new PersonHistory("D").Settle("taken"));
        Task<AppendOutcome> unfounded = Start(writer, writer.OpenLane("C"), stale.Settle("mine-2"));
        Task<AppendOutcome>[] others = StartOthers(Enough);
        await gate.SentAsync();
        Let(2);

        Assert.Equal([AppendStatus.DuplicateRequest, AppendStatus.Fenced], await StatusesAsync(taken, unfounded));
        Assert.All(await StatusesAsync(others), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(3 + Enough, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task A_lost_answer_neither_loses_nor_doubles_an_entry_of_both_batches()
    {
        Task<AppendOutcome>[] first = await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        Task<AppendOutcome>[] others = StartOthers(Enough);
        await gate.SentAsync();
        gate.Let(Answer.IsLost);

        Assert.All(await StatusesAsync(first.Concat(others)), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(1 + Enough, (await ScanSoundAsync()).Count);
        Assert.Contains(Log.Lines, line => line.Contains($"did not learn the outcome of {1 + Enough} entries"));
    }

    [Fact]
    public async Task What_was_streamed_and_not_answered_is_not_called_unwritten_when_the_schema_changes()
    {
        Task<AppendOutcome>[] first = await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        await Place.ExecuteAsync(Place.RaiseVersionSql);
        gate.Let(Answer.IsLost);
        Assert.Equal([AppendStatus.Unavailable], await StatusesAsync(first));
    }

    [Fact]
    public async Task A_connection_that_ends_while_two_batches_are_on_their_way_is_replaced()
    {
        Task<AppendOutcome>[] first = await StartUnderWayAsync(new PersonHistory("A").Settle("a1"));
        Task<AppendOutcome>[] others = StartOthers(Enough);
        await gate.SentAsync();
        await PostgresServer.TerminateConnectionsAsync(Place.Options.ConnectionString);
        Let(2);

        Assert.All(await StatusesAsync(first.Concat(others)), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(1 + Enough, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task A_group_is_in_one_batch_and_waits_as_a_whole()
    {
        PersonHistory person = new("A");
        PersonLane lane = writer.OpenLane("A");
        await StartUnderWayAsync(lane, person.Settle("a1"));
        Task<AppendOutcome> group = StartGroup(writer, lane, person.Settle("a2"), person.Reverse(1, "a3"), person.Close("a4"));
        Task<AppendOutcome>[] others = StartOthers(Enough);
        Assert.DoesNotContain(await gate.SentAsync(), static entry => entry.PersonId == "A");
        Let(3);

        Assert.All(await StatusesAsync(others.Append(group)), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(4 + Enough, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task Nothing_is_streamed_to_a_schema_of_another_version()
    {
        await Place.ExecuteAsync(Place.RaiseVersionSql);
        Task<AppendOutcome> answer = Start(writer, writer.OpenLane("A"), new PersonHistory("A").Settle("a1"));
        Let(1);
        Assert.Equal([AppendStatus.NotAccepted], await StatusesAsync(answer));
        Assert.Equal(0L, await Place.ScalarAsync($"SELECT count(*) FROM {Place.EntryTable}"));
    }

    [Fact]
    public async Task A_writer_that_is_stopped_while_an_answer_does_not_come_says_that_the_outcome_is_unknown()
    {
        ManualTimeProvider time = new();
        LedgerWriter stopped = OpenWriter(gate, new LedgerWriterOptions { Count = 1 }, time);
        Task<AppendOutcome> answer = Start(stopped, stopped.OpenLane("A"), new PersonHistory("A").Settle("a1"));
        await gate.AnsweredAsync();
        Task stopping = stopped.DisposeAsync().AsTask();
        await UntilAsync(() => time.WaitingTimers > 0);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal([AppendStatus.Unavailable], await StatusesAsync(answer));
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_hot_lane_goes_on_in_order_batch_by_batch()
    {
        PersonHistory person = new("A");
        PersonLane lane = writer.OpenLane("A");
        Task<AppendOutcome>[] answers = [.. Enumerable.Range(0, 2_000).Select(i => Start(writer, lane, person.Settle($"a{i}")))];
        Task all = Task.WhenAll(answers);
        while (!all.IsCompleted)
        {
            gate.Let(Answer.Comes);
            await Task.WhenAny(all, gate.AnsweredAsync());
        }

        Assert.All(await StatusesAsync(answers), static status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(Enumerable.Range(0, 2_000).Select(static i => $"a{i}"), (await ScanSoundAsync()).Select(static e => e.RequestId));
    }

    private Task<Task<AppendOutcome>[]> StartUnderWayAsync(LedgerEntry entry) => StartUnderWayAsync(writer.OpenLane(entry.PersonId), entry);

    /// <summary>Appends an entry and waits until the database has answered, of which the writer does not hear.</summary>
    private async Task<Task<AppendOutcome>[]> StartUnderWayAsync(PersonLane lane, LedgerEntry entry)
    {
        Task<AppendOutcome> answer = Start(writer, lane, entry);
        Assert.Same(entry, Assert.Single(await gate.SentAsync()));
        await gate.AnsweredAsync();
        return [answer];
    }

    private Task<AppendOutcome>[] StartOthers(int count, string name = "other") =>
    [
        .. Enumerable.Range(0, count)
            .Select(i => Start(writer, writer.OpenLane($"{name}{i}"), new PersonHistory($"{name}{i}").Settle($"{name}{i}"))),
    ];

    /// <summary>Lets answers come, for the batch that is under way and those behind it.</summary>
    private void Let(int batches)
    {
        for (int i = 0; i < batches; i++) gate.Let(Answer.Comes);
    }

    private async Task AppendElsewhereAsync(LedgerEntry entry)
    {
        await using LedgerWriter elsewhere = new(Store, QuickRetries(), TimeProvider.System, Log.For<LedgerWriter>());
        await AppendAsync(elsewhere, entry);
    }
}
