namespace Settlement.Ledger.Tests;

/// <summary>
/// A lane is written in order and without gaps: the first entry that fails is the last that was tried. And the writer answers no sooner
/// and nothing else than what it knows.
/// </summary>
public abstract class LaneTests : LedgerTest
{
    [Fact]
    public async Task A_failure_abandons_the_rest_of_the_lane_in_the_same_batch()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        await AppendAsync(OpenWriter(), new PersonHistory("P0").Settle("taken"));
        await gated.HoldAsync(writer);
        PersonHistory person = new("P1");
        PersonHistory neighbour = new("P2");
        (PersonLane lane, PersonLane next) = (writer.OpenLane("P1"), writer.OpenLane("P2"));
        Task<AppendOutcome>[] answers =
        [
            Start(writer, lane, person.Settle("r1")),
            Start(writer, next, neighbour.Settle("n1")),
            Start(writer, lane, person.Settle("taken")),
            Start(writer, next, neighbour.Settle("n2")),
            Start(writer, lane, person.Settle("r3")),
            Start(writer, lane, person.Settle("r4")),
            Start(writer, next, neighbour.Settle("n3")),
        ];
        Assert.Equal(7, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.Equal(
            [
                AppendStatus.Appended, AppendStatus.Appended, AppendStatus.DuplicateRequest, AppendStatus.Appended, AppendStatus.Abandoned,
                AppendStatus.Abandoned, AppendStatus.Appended,
            ],
            await StatusesAsync(answers));
        Assert.True(lane.IsBroken);
        Assert.False(next.IsBroken);
        Assert.Equal(["taken", "r1", "n1", "n2", "n3"], (await ScanSoundAsync()).Select(e => e.RequestId));
    }

    [Fact]
    public async Task A_failure_abandons_what_the_lane_has_in_the_queue_and_what_it_appends_later()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        await AppendAsync(OpenWriter(), new PersonHistory("P0").Settle("taken"));
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome> failing = Start(writer, lane, person.Settle("taken"));
        await gated.WaitForBatchAsync();
        Task<AppendOutcome> queued = Start(writer, lane, person.Settle("queued"));
        gated.Let(Passage.Write);

        Assert.Equal([AppendStatus.DuplicateRequest, AppendStatus.Abandoned], await StatusesAsync(failing, queued));
        Assert.Equal([AppendStatus.Abandoned], await StatusesAsync(Start(writer, lane, person.Settle("late"))));
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task A_new_lane_of_the_person_starts_afresh()
    {
        await using LedgerWriter writer = OpenWriter();
        await AppendAsync(writer, new PersonHistory("P0").Settle("taken"));
        Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(writer, new PersonHistory("P1").Settle("taken")));
        Assert.Equal(AppendStatus.Appended, await TryAppendAsync(writer, new PersonHistory("P1").Settle("free")));
        await ScanSoundAsync();
    }

    [Fact]
    public async Task A_full_queue_answers_busy_at_once_and_the_lane_stands_where_it_stood()
    {
        (GatedStore gated, LedgerWriter writer) = Gated(new LedgerWriterOptions { Count = 1, QueueCapacity = 2 });
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome> writing = Start(writer, lane, person.Settle("r1"));
        await gated.WaitForBatchAsync();
        Task<AppendOutcome> second = Start(writer, lane, person.Settle("r2"));
        Task<AppendOutcome> third = Start(writer, lane, person.Settle("r3"));
        LedgerEntry newest = person.Newest!;

        Task<AppendOutcome> refused = Start(writer, lane, person.Settle("r4"));
        Assert.True(refused.IsCompleted);
        Assert.Equal(AppendStatus.Busy, (await refused).Status);
        Assert.False(lane.IsBroken);

        gated.Let(Passage.Write);
        gated.Let(Passage.Write);
        Assert.All(await StatusesAsync(writing, second, third), status => Assert.Equal(AppendStatus.Appended, status));
        person.ReturnTo(newest);
        gated.Let(Passage.Write);
        Assert.Equal([AppendStatus.Appended], await StatusesAsync(Start(writer, lane, person.Settle("r4-again"))));
        Assert.Equal(4, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task Nothing_is_answered_before_the_batch_is_durable()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        Task<AppendOutcome> answer = Start(writer, writer.OpenLane("P1"), new PersonHistory("P1").Settle("r1"));
        await gated.WaitForBatchAsync();
        Assert.False(answer.IsCompleted);
        Assert.Null(await Store.ReadNewestAsync("P1"));
        gated.Let(Passage.Write);
        Assert.Equal([AppendStatus.Appended], await StatusesAsync(answer));
        Assert.NotNull(await Store.ReadNewestAsync("P1"));
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_written_again_and_is_there_once()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        PersonHistory person = new("P1");
        await AppendAsync(OpenWriter(), new PersonHistory("P2").Settle("taken"));
        await gated.HoldAsync(writer);
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome>[] answers =
        [
            Start(writer, lane, person.Settle("r1")),
            Start(writer, lane, person.Settle("r2")),
            Start(writer, writer.OpenLane("P2"), new PersonHistory("P2").Settle("r3")),
        ];
        await gated.GatherAsync();
        foreach (Passage passage in (Passage[])[Passage.LoseTheBatch, Passage.WriteAndLoseTheAnswer, Passage.LoseTheBatch])
        {
            gated.Let(passage);
            await gated.WaitForBatchAsync();
            Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        }
        Assert.True(writer.IsFailing);
        gated.Let(Passage.Write);

        Assert.Equal([AppendStatus.Appended, AppendStatus.Appended, AppendStatus.Fenced], await StatusesAsync(answers));
        Assert.False(writer.IsFailing);
        Assert.Equal(["r1", "r2", "taken"], (await ScanSoundAsync()).Select(e => e.RequestId));
    }

    [Fact]
    public async Task An_entry_lost_with_its_answer_after_which_another_took_the_place_is_fenced()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        Task<AppendOutcome> answer = Start(writer, writer.OpenLane("P1"), new PersonHistory("P1").Settle("mine"));
        await gated.WaitForBatchAsync();
        gated.Let(Passage.LoseTheBatch);
        await gated.WaitForBatchAsync();
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("theirs"));
        gated.Let(Passage.Write);

        Assert.Equal([AppendStatus.Fenced], await StatusesAsync(answer));
        Assert.Equal("theirs", Assert.Single(await ScanSoundAsync()).RequestId);
    }

    [Fact]
    public async Task A_defect_leaves_its_batch_unknown_and_the_writer_alive()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome> answer = Start(writer, lane, new PersonHistory("P1").Settle("r1"));
        await gated.WaitForBatchAsync();
        gated.Let(Passage.Fail);
        Assert.Equal([AppendStatus.Unavailable], await StatusesAsync(answer));
        Assert.True(lane.IsBroken);

        gated.Let(Passage.Write);
        Assert.Equal(AppendStatus.Appended, await TryAppendAsync(writer, new PersonHistory("P2").Settle("r2")));
    }

    [Fact]
    public async Task Stopping_writes_what_is_queued_and_takes_no_more()
    {
        (GatedStore gated, LedgerWriter writer) = Gated();
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome> writing = Start(writer, lane, person.Settle("r1"));
        await gated.WaitForBatchAsync();
        Task<AppendOutcome> queued = Start(writer, lane, person.Settle("r2"));
        Task stopping = writer.DisposeAsync().AsTask();
        Assert.Equal([AppendStatus.Unavailable], await StatusesAsync(Start(writer, lane, person.Settle("r3"))));
        gated.Let(Passage.Write);
        gated.Let(Passage.Write);

        Assert.Equal([AppendStatus.Appended, AppendStatus.Appended], await StatusesAsync(writing, queued));
        await stopping.WaitAsync(Patience);
        Assert.Equal(2, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task Stopping_without_a_database_ends_after_its_time_and_says_unknown()
    {
        Settlement.Tests.Support.ManualTimeProvider time = new();
        GatedStore gated = new(Store);
        LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1, StopTimeout = TimeSpan.FromSeconds(10) }, time);
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome> writing = Start(writer, lane, person.Settle("r1"));
        await gated.WaitForBatchAsync();
        Task<AppendOutcome> behind = Start(writer, lane, person.Settle("r2"));
        Task<AppendOutcome> queued = Start(writer, writer.OpenLane("P2"), new PersonHistory("P2").Settle("r3"));
        Task stopping = writer.DisposeAsync().AsTask();

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        await stopping.WaitAsync(Patience);
        Assert.Equal(
            [AppendStatus.Unavailable, AppendStatus.Abandoned, AppendStatus.Unavailable], await StatusesAsync(writing, behind, queued));
    }

    [Fact]
    public async Task A_lane_takes_only_sealed_entries_of_its_person_in_order()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Refused(EntrySamples.With(person.Settle("r0"), typeof(LedgerEntry).GetProperty(nameof(LedgerEntry.Region))!, 1), "is not sealed");
        Refused(new PersonHistory("P2").Settle("r0"), "belongs to another person");

        person.ReturnTo(null);
        Assert.Equal([AppendStatus.Appended], await StatusesAsync(Start(writer, lane, person.Settle("r1"))));
        Refused(person.Newest!, "does not follow entry 1");
        person.Settle("left-out");
        Refused(person.Settle("r3"), "does not follow entry 1");
        PersonHistory other = new("P1");
        other.Settle("r1", content: "another");
        Refused(other.Settle("r2"), "does not follow entry 1");
        Assert.Throws<ArgumentException>(() => writer.OpenLane("with blank"));

        void Refused(LedgerEntry entry, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => { _ = Start(writer, lane, entry); }).Message);
    }

    private (GatedStore Gated, LedgerWriter Writer) Gated(LedgerWriterOptions? options = null)
    {
        GatedStore gated = new(Store);
        return (gated, OpenWriter(gated, options ?? QuickRetries()));
    }
}
