using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

/// <summary>A group of entries is in the ledger as a whole or not at all, whatever stands against it and whoever looks.</summary>
public abstract class GroupTests(ITestOutputHelper output) : LedgerTest
{
    private static readonly LedgerKey Charge = LedgerKey.ForCharge("H21010500001", "visit-1", "batch-1");

    /// <summary>Makes the database refuse an entry for a reason that the ledger does not know.</summary>
    protected abstract Task RefuseRequestAsync(string requestId);

    [Fact]
    public async Task A_group_is_written_whole_with_one_outcome()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        await Start(writer, lane, person.Settle("r1", Charge));
        AppendOutcome outcome = await StartGroup(
            writer, lane, person.Reverse(1, "g1"), person.Settle("g2", Charge, generation: 1), person.Settle("g3"));
        await Start(writer, lane, person.Settle("r2"));

        List<LedgerEntry> all = await ScanSoundAsync();
        Assert.Equal(["r1", "g1", "g2", "g3", "r2"], all.Select(e => e.RequestId));
        Assert.Equal(AppendStatus.Appended, outcome.Status);
    }

    [Theory]
    [InlineData(AppendStatus.Fenced)]
    [InlineData(AppendStatus.DuplicateRequest)]
    [InlineData(AppendStatus.DuplicateCharge)]
    [InlineData(AppendStatus.AlreadyReversed)]
    [InlineData(AppendStatus.Refused)]
    public async Task What_stands_against_one_entry_fails_its_whole_group_and_no_neighbour(AppendStatus expected)
    {
        await using LedgerWriter earlier = OpenWriter();
        PersonHistory person = new("P5");
        await AppendAsync(earlier, new PersonHistory("P1").Settle("taken", Charge));
        await AppendAsync(earlier, person.Settle("first"), person.Settle("second"), person.Reverse(1, "third"));
        await RefuseRequestAsync("refused");
        LedgerEntry newest = person.Newest!;
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        if (expected == AppendStatus.Fenced) person.Settle("never-sent");
        PersonLane lane = writer.OpenLane("P5");
        PersonHistory before = new("P4");
        PersonHistory after = new("P6");

        Task<AppendOutcome>[] answers =
        [
            StartGroup(writer, writer.OpenLane("P4"), before.Settle("good-1"), before.Settle("good-2")),
            StartGroup(writer, lane, person.Settle("g1"), Bad(expected, person), person.Settle("g3")),
            Start(writer, lane, person.Settle("behind")),
            StartGroup(writer, writer.OpenLane("P6"), after.Settle("good-3"), after.Settle("good-4")),
            Start(writer, writer.OpenLane("P7"), new PersonHistory("P7").Settle("good-5")),
        ];
        Assert.Equal(9, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.Equal(
            [AppendStatus.Appended, expected, AppendStatus.Abandoned, AppendStatus.Appended, AppendStatus.Appended],
                await StatusesAsync(answers));
        Assert.Equal(
            ["taken", "good-1", "good-2", "first", "second", "third", "good-3", "good-4", "good-5"],
                (await ScanSoundAsync()).Select(e => e.RequestId));
        Assert.Equal(newest.Hash, (await Store.ReadNewestAsync("P5"))!.Hash);

        static LedgerEntry Bad(AppendStatus status, PersonHistory person) => status switch
        {
            AppendStatus.DuplicateRequest => person.Settle("taken"),
            AppendStatus.DuplicateCharge => person.Settle("g2", Charge),
            AppendStatus.AlreadyReversed => person.Reverse(1, "g2"),
            AppendStatus.Refused => person.Settle("refused"),
            _ => person.Settle("g2"),
        };
    }

    [Fact]
    public async Task Of_groups_and_entries_that_collide_in_one_batch_the_first_is_written_whole()
    {
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        (PersonHistory mine, PersonHistory theirs, PersonHistory third) = (new("P1"), new("P1"), new("P1"));
        (PersonLane first, PersonLane second, PersonLane last) = (writer.OpenLane("P1"), writer.OpenLane("P1"), writer.OpenLane("P1"));
        PersonHistory other = new("P2");
        PersonHistory late = new("P3");
        Task<AppendOutcome>[] answers =
        [
            StartGroup(writer, first, mine.Settle("a1"), mine.Settle("a2"), mine.Settle("a3")),
            StartGroup(writer, second, theirs.Settle("b1"), theirs.Settle("b2")),
            Start(writer, last, third.Settle("c1")),
            Start(writer, last, third.Settle("c2")),
            Start(writer, first, mine.Settle("a4")),
            StartGroup(writer, writer.OpenLane("P2"), other.Settle("d1"), other.Settle("a2")),
            StartGroup(writer, writer.OpenLane("P3"), late.Settle("e1", Charge), late.Settle("e2")),
            Start(writer, writer.OpenLane("P4"), new PersonHistory("P4").Settle("f1", Charge)),
        ];
        Assert.Equal(13, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        Assert.Equal(
            [
                AppendStatus.Appended, AppendStatus.Fenced, AppendStatus.Fenced, AppendStatus.Abandoned, AppendStatus.Appended,
                AppendStatus.DuplicateRequest, AppendStatus.Appended, AppendStatus.DuplicateCharge,
            ],
            await StatusesAsync(answers));
        Assert.Equal(["a1", "a2", "a3", "a4", "e1", "e2"], (await ScanSoundAsync()).Select(e => e.RequestId));
    }

    [Fact]
    public async Task A_group_whose_answer_was_lost_is_there_once()
    {
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated);
        PersonHistory person = new("P1");
        Task<AppendOutcome> answer = StartGroup(
            writer, writer.OpenLane("P1"), person.Settle("g1", Charge), person.Reverse(1, "g2"),
                person.Settle("g3", Charge, generation: 1));
        await gated.WaitForBatchAsync();
        foreach (Passage passage in (Passage[])[Passage.LoseTheBatch, Passage.WriteAndLoseTheAnswer, Passage.WriteAndLoseTheAnswer])
        {
            gated.Let(passage);
            await gated.WaitForBatchAsync();
            Assert.False(answer.IsCompleted);
        }
        gated.Let(Passage.Write);

        AppendOutcome outcome = await answer.WaitAsync(Patience);
        List<LedgerEntry> all = await ScanSoundAsync();
        Assert.Equal(AppendStatus.Appended, outcome.Status);
        Assert.Equal(["g1", "g2", "g3"], all.Select(e => e.RequestId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_group_that_the_ledger_holds_in_part_is_fenced(int there)
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        LedgerEntry[] entries = [person.Settle("g1"), person.Settle("g2"), person.Settle("g3")];
        await AppendAsync(writer, entries[..there]);

        Assert.Equal([AppendStatus.Fenced], await StatusesAsync(StartGroup(writer, writer.OpenLane("P1"), entries)));
        Assert.Equal(there, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task No_batch_holds_a_part_of_a_group()
    {
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1, MaxBatchEntries = 2, QueueCapacity = 2 });
        await gated.HoldAsync(writer);
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        Task<AppendOutcome>[] queued =
        [
            Start(writer, writer.OpenLane("P2"), new PersonHistory("P2").Settle("r1")),
            StartGroup(writer, lane, person.Settle("g1"), person.Settle("g2"), person.Settle("g3")),
        ];
        LedgerEntry newest = person.Newest!;
        Task<AppendOutcome> beyond = StartGroup(writer, lane, person.Settle("g4"), person.Settle("g5"));
        Assert.Equal([AppendStatus.Busy], await StatusesAsync(beyond));
        Assert.False(lane.IsBroken);

        Assert.Equal(4, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);
        Assert.All(await StatusesAsync(queued), status => Assert.Equal(AppendStatus.Appended, status));
        person.ReturnTo(newest);
        gated.Let(Passage.Write);
        Assert.Equal([AppendStatus.Appended], await StatusesAsync(StartGroup(writer, lane, person.Settle("g6"), person.Settle("g7"))));
        Assert.Equal(["g1", "g2", "g3", "g6", "g7", "r1"], (await ScanSoundAsync()).Select(e => e.RequestId));
    }

    [Fact]
    public async Task A_lane_takes_only_a_group_of_its_person_that_follows()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        await Start(writer, lane, person.Settle("r1"));
        person.Settle("left-out");
        LedgerGroup late = LedgerGroup.Of([person.Settle("g1"), person.Settle("g2")]);
        Assert.Contains("does not follow entry 1", Assert.Throws<ArgumentException>(() => { _ = writer.AppendAsync(lane, late).AsTask(); })
            .Message);
        LedgerGroup foreign = LedgerGroup.Of([new PersonHistory("P2").Settle("g1")]);
        Assert.Contains("another person", Assert.Throws<ArgumentException>(() => { _ = writer.AppendAsync(lane, foreign).AsTask(); })
            .Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Writers_racing_with_groups_leave_each_whole_and_no_reader_sees_a_part(int fixedSeed)
    {
        const int persons = 3;
        int seed = fixedSeed == 0 ? Environment.TickCount : fixedSeed;
        output.WriteLine($"seed {seed}");
        ConcurrentBag<LedgerEntry[]> appended = [];
        int fenced = 0;
        using CancellationTokenSource written = new();
        Task<int> reading = Task.Run(() => ReadWholeGroupsAsync(persons, written.Token));

        await Task.WhenAll(Enumerable.Range(0, 4 * persons).Select(number => Task.Run(async () =>
        {
            Random random = new(HashCode.Combine(seed, number));
            await using LedgerWriter writer = OpenWriter(
                OpenStore(), new LedgerWriterOptions { Count = 1, MaxBatchEntries = 8, RetryDelay = TimeSpan.FromMilliseconds(1) });
            for (int round = 0; round < 12; round++)
            {
                string name = $"P{number % persons}";
                PersonHistory person = new(name, await Store.ReadNewestAsync(name));
                PersonLane lane = writer.OpenLane(name);
                int length = random.Next(1, 6);
                LedgerEntry[] entries = [.. Enumerable.Range(0, length)
                    .Select(i => person.Settle($"{number}-{round}-{i}", content: $"of {length}"))];
                AppendStatus status = (await StartGroup(writer, lane, entries)).Status;
                if (status == AppendStatus.Appended) appended.Add(entries);
                else if (status == AppendStatus.Fenced) Interlocked.Increment(ref fenced);
                else Assert.Fail($"{status}\n{Log}");
            }
        }))).WaitAsync(TimeSpan.FromMinutes(3));
        await written.CancelAsync();
        output.WriteLine($"{appended.Count} groups, {fenced} fenced, {await reading} looks");

        List<LedgerEntry> all = await ScanSoundAsync();
        Assert.Equal(appended.SelectMany(e => e).Select(e => e.Hash.ToString()).Order(), all.Select(e => e.Hash.ToString()).Order());
        Assert.True(fenced > 0, "Nobody was fenced: this race was none.");
    }

    /// <summary>Looks at the newest entry of each person again and again: it is always the last of its group.</summary>
    private async Task<int> ReadWholeGroupsAsync(int persons, CancellationToken enough)
    {
        ILedgerStore reader = OpenStore();
        int looks = 0;
        for (; !enough.IsCancellationRequested; looks++)
        {
            if (await reader.ReadNewestAsync($"P{looks % persons}", CancellationToken.None) is not { } newest) continue;
            int length = System.Text.Encoding.UTF8.GetString(newest.Event.Span).Split(' ')[1][0] - '0';
            Assert.EndsWith($"-{length - 1}", newest.RequestId, StringComparison.Ordinal);
        }
        return looks;
    }
}

/// <summary>What can be known of a group without a database.</summary>
public sealed class LedgerGroupTests
{
    [Fact]
    public void A_group_holds_sealed_entries_of_one_person_that_follow_one_another()
    {
        PersonHistory person = new("P1");
        (LedgerEntry first, LedgerEntry second, LedgerEntry third) = (person.Settle("r1"), person.Settle("r2"), person.Settle("r3"));
        LedgerGroup group = LedgerGroup.Of([first, second, third]);
        Assert.Equal((first, third, 3), (group.First, group.Last, group.Entries.Count));

        Refused("0 entries must have 1 to 1024");
        Refused("Entry 3 does not follow entry 1", first, third);
        Refused("Entry 1 does not follow entry 2", second, first);
        PersonHistory other = new("P2");
        other.Settle("r1");
        Refused("Entry 2 does not follow entry 1", first, other.Settle("r2"));
        LedgerEntry open = EntrySamples.With(second, typeof(LedgerEntry).GetProperty(nameof(LedgerEntry.Region))!, 1);
        Refused("Entry 2 is not sealed", first, open);
    }

    [Fact]
    public void No_two_entries_of_a_group_take_the_same_key()
    {
        LedgerKey charge = LedgerKey.ForCharge("H", "visit", "");
        Refused("Entry 2 has the request key of another", Two(person => person.Settle("same"), person => person.Settle("same")));
        Refused("Entry 2 settles the charge of another", Two(person => person.Settle("r1", charge), person => person.Settle("r2", charge)));
        LedgerEntry[] reversals = Two(person => person.Settle("r1"), person => person.Reverse(1, "r2"), person => person.Reverse(1, "r3"));
        Refused("Entry 3 reverses entry 1, as another", reversals[1..]);

        static LedgerEntry[] Two(params Func<PersonHistory, LedgerEntry>[] steps)
        {
            PersonHistory person = new("P1");
            return [.. steps.Select(step => step(person))];
        }
    }

    [Fact]
    public void A_group_is_bounded_in_number_and_in_bytes()
    {
        PersonHistory many = new("P1");
        LedgerEntry[] entries = [.. Enumerable.Range(0, LedgerGroup.MaxEntries + 1).Select(i => many.Settle($"r{i}"))];
        Assert.Equal(LedgerGroup.MaxEntries, LedgerGroup.Of(entries[..^1]).Entries.Count);
        Refused("1025 entries must have 1 to 1024", entries);

        PersonHistory large = new("P1");
        string content = new('x', 1_000_000);
        LedgerEntry[] heavy = [.. Enumerable.Range(0, 23).Select(i => large.Settle($"r{i}", content: content))];
        Refused($"takes {LedgerGroup.SizeOf(heavy)} bytes; it must not take more than {LedgerGroup.MaxBytes}", heavy);
        Assert.Equal(22, LedgerGroup.Of(heavy[..22]).Entries.Count);
    }

    private static void Refused(string reason, params LedgerEntry[] entries) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => LedgerGroup.Of(entries)).Message);
}
