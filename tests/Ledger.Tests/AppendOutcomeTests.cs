namespace Settlement.Ledger.Tests;

/// <summary>What the ledger refuses, and that one refusal harms nobody else.</summary>
public abstract class AppendOutcomeTests : LedgerTest
{
    private static readonly LedgerKey Charge = LedgerKey.ForCharge("H21010500001", "visit-1", "batch-1");

    [Fact]
    public async Task A_sequence_that_another_wrote_is_fenced()
    {
        await using LedgerWriter mine = OpenWriter();
        await using LedgerWriter theirs = OpenWriter(OpenStore());
        await AppendAsync(theirs, new PersonHistory("P1").Settle("theirs"));

        Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(mine, new PersonHistory("P1").Settle("mine")));
        Assert.Equal("theirs", Assert.Single(await ScanSoundAsync()).RequestId);
    }

    [Fact]
    public async Task An_entry_whose_predecessor_is_missing_is_fenced()
    {
        // As after a failover that lost commits: the activation is ahead of the ledger.
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        await AppendAsync(writer, person.Settle("r1"));
        person.Settle("lost");

        Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(writer, person.Settle("r3")));
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task An_entry_that_follows_another_entry_than_the_ledgers_is_fenced()
    {
        await using LedgerWriter writer = OpenWriter();
        await AppendAsync(writer, new PersonHistory("P1").Settle("r1", content: "one"));
        PersonHistory other = new("P1");
        other.Settle("r1", content: "another");

        Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(writer, other.Settle("r2")));
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task The_same_entry_again_is_the_same_append()
    {
        await using LedgerWriter writer = OpenWriter();
        LedgerEntry entry = new PersonHistory("P1").Settle("r1", Charge);

        AppendOutcome first = await Start(writer, writer.OpenLane("P1"), entry);
        AppendOutcome second = await Start(writer, writer.OpenLane("P1"), entry);

        Assert.True(first.IsAppended);
        Assert.Equal(first, second);
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task A_request_is_applied_once_even_for_different_persons()
    {
        await using LedgerWriter writer = OpenWriter();
        await AppendAsync(writer, new PersonHistory("P1").Settle("r1"));

        Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(writer, new PersonHistory("P2").Settle("r1")));
        Assert.Equal("P1", Assert.Single(await ScanSoundAsync()).PersonId);
    }

    [Fact]
    public async Task A_charge_is_settled_once_whatever_the_request()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        await AppendAsync(writer, person.Settle("r1", Charge));

        Assert.Equal(AppendStatus.DuplicateCharge, await TryAppendAsync(writer, person.Settle("r2", Charge)));
        Assert.Single(await ScanSoundAsync());
    }

    [Fact]
    public async Task After_its_reversal_a_charge_is_settled_again_in_the_next_generation_and_once()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        await AppendAsync(writer, person.Settle("r1", Charge), person.Reverse(1, "r2"), person.Settle("r3", Charge, generation: 1));

        Assert.Equal(AppendStatus.DuplicateCharge, await TryAppendAsync(writer, person.Settle("r4", Charge, generation: 1)));
        Assert.Equal("r3", (await Store.ReadNewestByChargeAsync(Charge))!.RequestId);
    }

    [Fact]
    public async Task An_entry_is_reversed_once()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        await AppendAsync(writer, person.Settle("r1"), person.Reverse(1, "r2"));
        await AppendAsync(writer, new PersonHistory("P2").Settle("other"));

        Assert.Equal(AppendStatus.AlreadyReversed, await TryAppendAsync(writer, person.Reverse(1, "r3")));
        Assert.Equal(3, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task Reversals_of_different_persons_do_not_meet()
    {
        await using LedgerWriter writer = OpenWriter();
        foreach (string name in (string[])["P1", "P2"])
        {
            PersonHistory person = new(name);
            await AppendAsync(writer, person.Settle($"{name}-1"), person.Reverse(1, $"{name}-2"));
        }
        Assert.Equal(4, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task Each_failure_in_one_batch_has_its_own_outcome_and_the_neighbours_are_written()
    {
        await using LedgerWriter earlier = OpenWriter();
        PersonHistory reversed = new("P5");
        await AppendAsync(earlier, new PersonHistory("P1").Settle("taken-1"));
        await AppendAsync(earlier, new PersonHistory("P9").Settle("taken-9", Charge));
        await AppendAsync(earlier, reversed.Settle("taken-5"), reversed.Reverse(1, "taken-6"));

        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        Task<AppendOutcome>[] answers =
        [
            Append(new PersonHistory("P0").Settle("good-0")),
            Append(new PersonHistory("P1").Settle("fenced")),
            Append(new PersonHistory("P2").Settle("good-2")),
            Append(new PersonHistory("P3").Settle("taken-9")),
            Append(new PersonHistory("P4").Settle("charge", Charge)),
            Append(reversed.Reverse(1, "twice")),
            Append(new PersonHistory("P6").Settle("good-6")),
        ];
        Assert.Equal(answers.Length, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.Equal(
            [
                AppendStatus.Appended, AppendStatus.Fenced, AppendStatus.Appended, AppendStatus.DuplicateRequest,
                    AppendStatus.DuplicateCharge,
                AppendStatus.AlreadyReversed, AppendStatus.Appended,
            ],
            await StatusesAsync(answers));
        Assert.Equal(["good-0", "good-2", "good-6"], (await ScanSoundAsync()).Select(e => e.RequestId).Where(id => id.StartsWith("good")));
        Assert.Equal(7, (await ScanSoundAsync()).Count);

        Task<AppendOutcome> Append(LedgerEntry entry) => Start(writer, writer.OpenLane(entry.PersonId), entry);
    }

    [Fact]
    public async Task Collisions_inside_one_batch_leave_exactly_one_of_each()
    {
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        PersonHistory p1 = new("P1");
        PersonHistory p1Again = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        PersonLane second = writer.OpenLane("P1");
        Task<AppendOutcome>[] answers =
        [
            Start(writer, lane, p1.Settle("a")),
            Start(writer, second, p1Again.Settle("b")),
            Start(writer, lane, p1.Settle("c")),
            Start(writer, second, p1Again.Settle("d")),
            Append(new PersonHistory("P2").Settle("same-request")),
            Append(new PersonHistory("P3").Settle("same-request")),
            Append(new PersonHistory("P4").Settle("e", Charge)),
            Append(new PersonHistory("P5").Settle("f", Charge)),
            Append(new PersonHistory("P6").Settle("g")),
        ];
        Assert.Equal(answers.Length, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.Equal(
            [
                AppendStatus.Appended, AppendStatus.Fenced, AppendStatus.Appended, AppendStatus.Abandoned,
                AppendStatus.Appended, AppendStatus.DuplicateRequest, AppendStatus.Appended, AppendStatus.DuplicateCharge,
                    AppendStatus.Appended,
            ],
            await StatusesAsync(answers));
        Assert.Equal(["a", "c", "same-request", "e", "g"], (await ScanSoundAsync()).Select(e => e.RequestId));

        Task<AppendOutcome> Append(LedgerEntry entry) => Start(writer, writer.OpenLane(entry.PersonId), entry);
    }

    [Fact]
    public async Task A_lane_that_reverses_and_settles_again_in_one_batch_is_written_whole()
    {
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome>[] answers =
        [
            Start(writer, lane, person.Settle("r1", Charge)),
            Start(writer, lane, person.Reverse(1, "r2")),
            Start(writer, lane, person.Settle("r3", Charge, generation: 1)),
            Start(writer, lane, person.Reverse(3, "r4")),
        ];
        Assert.Equal(4, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.All(await StatusesAsync(answers), status => Assert.Equal(AppendStatus.Appended, status));
        Assert.Equal(4, (await ScanSoundAsync()).Count);
    }
}
