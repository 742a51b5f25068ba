using Npgsql;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

/// <summary>Closing a period and opening the next: every promise of the ledger holds across them.</summary>
public sealed class TurnTests : PeriodTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_go_on_in_the_next_period_and_every_read_sees_both(bool copy)
    {
        await using LedgerWriter writer = OpenWriter(copy);
        PersonHistory person = await WriteYearAsync(writer, "P1");
        LedgerPeriod closed = await Periods.TurnAsync("2026");
        LedgerEntry later = person.Settle("P1-5", Charge, generation: 1);
        await AppendAsync(writer, later);
        await AppendAsync(writer, new PersonHistory("P2").Settle("P2-1"));

        Assert.Equal(("2026", 1, "ledger.entry_1"), (closed.Label, closed.Number, closed.Table));
        Assert.Equal([(1, "2026"), (2, null)], (await Periods.ListAsync()).Select(period => (period.Number, period.Label)));
        Assert.Equal((4L, 2L), (await CountAsync("ledger.entry_1"), await CountAsync("ledger.entry_2")));
        Assert.Equal(later.Hash, (await Store.ReadNewestAsync("P1"))!.Hash);
        Assert.Equal(3, (await Store.ReadAsync("P1", 3))!.Sequence);
        Assert.Equal("P1-2", (await Store.ReadByRequestAsync(LedgerKey.ForRequest("H21010500001", "P1-2")))!.RequestId);
        Assert.Equal(1, (await Store.ReadNewestByChargeAsync(Charge))!.ChargeGeneration);
        Assert.Equal(4, (await Store.ReadReversalOfAsync("P1", 3))!.Sequence);
        Assert.Equal([3, 4, 5], (await Store.ReadPersonAsync("P1", 3, 10)).Select(entry => entry.Sequence));
        Assert.Equal([5, 4, 3], (await Store.ReadPersonNewestFirstAsync("P1", null, 3)).Select(entry => entry.Sequence));
        Assert.Equal(6, (await ScanSoundAsync()).Count);
        Assert.Equal(["P1-1", "P1-2", "P1-3", "P1-4", "P1-5", "P2-1"], (await ReadFeedAsync(Store, 6)).Select(entry => entry.RequestId));
        Assert.Null(await Store.ReadDetachedPartAsync("P1"));
    }

    [Theory]
    [InlineData("entry_1")]
    [InlineData("entry_2")]
    public async Task The_database_is_asked_to_summarise_times_once_in_many_pages(string table)
    {
        await Periods.TurnAsync("2026");
        Assert.Equal(1L, await Place.ScalarAsync($"""
            SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
            WHERE a.amname = 'brin' AND i.indrelid = 'ledger.{table}'::regclass AND c.reloptions @> '{"{pages_per_range=1024,autosummarize=on}"}'
            """));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_closed_period_holds_is_neither_repeated_nor_forked(bool copy)
    {
        await using LedgerWriter writer = OpenWriter(copy);
        PersonHistory person = await WriteYearAsync(writer, "P1");
        LedgerEntry? last = person.Newest;
        LedgerEntry third = (await Store.ReadAsync("P1", 3))!;
        await Periods.TurnAsync("2026");

        foreach (LedgerWriter by in (LedgerWriter[])[writer, OpenWriter(copy)])
        {
            Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(by, new PersonHistory("P2").Settle("P1-1")));
            Assert.Equal(AppendStatus.DuplicateCharge, await TryAppendAsync(by, new PersonHistory("P2").Settle("new-id", Charge)));
            Assert.Equal(AppendStatus.AlreadyReversed, await TryAppendAsync(by, new PersonHistory("P1", last).Reverse(3, "again")));
            Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(by, new PersonHistory("P1").Settle("second-first")));
            Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(by, new PersonHistory("P1", third).Settle("second-fourth")));
            Assert.Equal(AppendStatus.Appended, await TryAppendAsync(by, last!));
        }
        Assert.Equal(0L, await CountAsync("ledger.entry_2"));
        Assert.Equal(
            AppendStatus.Appended, await TryAppendAsync(writer, new PersonHistory("P1", last).Reverse(2, "reversal-of-last-year")));
        Assert.Equal(
            AppendStatus.AlreadyReversed,
            await TryAppendAsync(writer, new PersonHistory("P1", await Store.ReadNewestAsync("P1")).Reverse(2, "twice")));
        Assert.Equal(
            AppendStatus.Appended, await TryAppendAsync(writer, new PersonHistory("P2").Settle("settled-again", Charge, generation: 1)));
        await ScanSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lane_from_before_the_turn_goes_on_unless_another_silo_wrote_for_the_person(bool copy)
    {
        await using LedgerWriter mine = OpenWriter(copy);
        await using LedgerWriter theirs = OpenWriter(copy);
        (PersonHistory alone, PersonHistory raced) = (new("alone"), new("raced"));
        (PersonLane aloneLane, PersonLane racedLane) = (mine.OpenLane("alone"), mine.OpenLane("raced"));
        Assert.Equal(
            [AppendStatus.Appended, AppendStatus.Appended],
            await StatusesAsync(Start(mine, aloneLane, alone.Settle("a1")), Start(mine, racedLane, raced.Settle("r1"))));
        await Periods.TurnAsync("2026");
        await AppendAsync(theirs, new PersonHistory("raced", raced.Newest).Settle("theirs"));

        Assert.Equal(
            [AppendStatus.Appended, AppendStatus.Fenced],
            await StatusesAsync(Start(mine, aloneLane, alone.Settle("a2")), Start(mine, racedLane, raced.Settle("r2"))));
        await Periods.TurnAsync("2027");
        Assert.Equal(
            [AppendStatus.Appended],
            await StatusesAsync(StartGroup(mine, aloneLane, alone.Settle("a3"), alone.Reverse(3, "a4"), alone.Close("a5"))));
        Assert.Equal(3L, await CountAsync("ledger.entry_3"));
        Assert.Equal(["a1", "a2", "a3", "a4", "a5", "r1", "theirs"], (await ScanSoundAsync()).Select(entry => entry.RequestId));
        Assert.Contains(Log.Lines, line => line.Contains("a writer learns them anew: ledger.entry_1 takes no entries"));
    }

    [Fact]
    public async Task A_turn_waits_for_what_is_being_written_and_readers_go_on()
    {
        PersonHistory person = await WriteYearAsync(OpenWriter(), "P1");
        Task<LedgerPeriod> turn;
        Task<AppendStatus> behind;
        await using (NpgsqlConnection batch = await LockAsync("ledger.entry_1", "ROW EXCLUSIVE"))
        {
            turn = Periods.TurnAsync("2026");
            await UntilWaitingForLockAsync();
            behind = TryAppendAsync(OpenWriter(), person.Settle("behind"));
            Assert.Equal(4, (await Store.ReadNewestAsync("P1"))!.Sequence);
            Assert.False(turn.IsCompleted);
        }
        await turn.WaitAsync(Patience);
        Assert.Equal(AppendStatus.Appended, await behind);
        Assert.Equal(1L, await CountAsync("ledger.entry_2"));
        await ScanSoundAsync();
    }

    [Fact]
    public async Task A_turn_that_is_killed_leaves_the_period_open()
    {
        PersonHistory person = await WriteYearAsync(OpenWriter(), "P1");
        await using (NpgsqlConnection batch = await LockAsync("ledger.entry_1", "ROW EXCLUSIVE"))
        {
            Task<LedgerPeriod> turn = Periods.TurnAsync("2026");
            await UntilWaitingForLockAsync(end: true);
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => turn.WaitAsync(Patience));
        }
        Assert.Null(Assert.Single(await Periods.ListAsync()).Label);
        await AppendAsync(OpenWriter(), person.Settle("P1-5"));
        await Periods.TurnAsync("2026");
        Assert.Equal(5L, await CountAsync("ledger.entry_1"));
    }

    [Fact]
    public async Task A_closed_period_takes_no_entry_from_anybody_and_its_label_is_given_once()
    {
        await WriteYearAsync(OpenWriter(), "P1");
        await Periods.TurnAsync("2026");
        foreach (string table in (string[])["ledger.entry", "ledger.entry_1"])
        {
            PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(
                () => Place.ExecuteAsync($"INSERT INTO {table} SELECT * FROM ledger.entry WHERE sequence = 1"));
            Assert.Equal("LP001", refusal.SqlState);
        }
        foreach (string change in (string[])["UPDATE ledger.entry_2 SET region = 1", "DELETE FROM ledger.entry_1", "TRUNCATE ledger.entry"])
            Assert.Contains("never changed", (await Assert.ThrowsAsync<PostgresException>(() => Place.ExecuteAsync(change))).Message);
        Assert.Contains("closed already", (await Assert.ThrowsAsync<LedgerException>(() => Periods.TurnAsync("2026"))).Message);
        Assert.Contains("'a b' is not", (await Assert.ThrowsAsync<LedgerException>(() => Periods.TurnAsync("a b"))).Message);
        Assert.Equal(2, (await Periods.ListAsync()).Count);
    }

    [Fact]
    public async Task A_new_period_has_all_that_the_first_has()
    {
        await Periods.TurnAsync("2026");
        foreach (string property in (string[])
        [
            "SELECT string_agg(attname || attstorage::text || attnotnull::text || coalesce(pg_get_expr(adbin, adrelid), ''), ',' ORDER BY attnum) FROM pg_attribute "
                + "LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0 AND attrelid = '{0}'::regclass",
            // The first may be NOT VALID, because it was not read again when the check came; it is held for every new row.
            "SELECT replace(string_agg(pg_get_constraintdef(oid), ',' ORDER BY pg_get_constraintdef(oid)), ' NOT VALID', '') FROM pg_constraint WHERE conrelid = '{0}'::regclass",
            "SELECT string_agg(regexp_replace(pg_get_indexdef(indexrelid), '.* USING', ''), ',' ORDER BY regexp_replace(pg_get_indexdef(indexrelid), '.* USING', '')) "
                + "FROM pg_index WHERE indrelid = '{0}'::regclass",
            "SELECT reloptions::text FROM pg_class WHERE oid = '{0}'::regclass",
            "SELECT string_agg(tgname, ',') FROM pg_trigger WHERE tgrelid = '{0}'::regclass AND tgname = 'entry_is_never_changed'",
        ])
        {
            object? first = await Place.ScalarAsync(string.Format(property, "ledger.entry_1"));
            Assert.NotNull(first);
            Assert.Equal(first, await Place.ScalarAsync(string.Format(property, "ledger.entry_2")));
        }
    }

    [Fact]
    public async Task Waking_a_person_of_the_open_period_reads_its_key_alone()
    {
        await AppendAsync(OpenWriter(), new PersonHistory("P0").Settle("P0-1"));
        await Periods.TurnAsync("2026");
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("P1-1"));
        string plan = (string)(await Place.ScalarAsync("""
            CREATE FUNCTION pg_temp.plan() RETURNS text LANGUAGE plpgsql AS $$ DECLARE line text; lines text := ''; BEGIN
                FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS off, TIMING off) SELECT * FROM ledger.newest(''P1'')' LOOP lines := lines || line || E'\n'; END LOOP;
                RETURN lines; END $$;
            SET enable_seqscan = off; SELECT pg_temp.plan()
            """))!;
        Assert.Matches(@"entry_2_pkey on entry_2[^\n]*rows=1 ", plan);
        Assert.Matches(@"entry_person on entry_1[^\n]*never executed", plan);
    }

    private async Task<long> CountAsync(string table) => (long)(await Place.ScalarAsync($"SELECT count(*) FROM ONLY {table}"))!;
}

/// <summary>
/// The race of the writers, with turns in its midst; at last the whole ledger is written again, one entry after the other.
/// </summary>
public sealed class TurningRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    private const int Turns = 4;

    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    private protected override async Task DisturbAsync(Random random, CancellationToken raced)
    {
        long wanted = 0;
        for (int turn = 1; turn <= Turns; turn++)
        {
            wanted += random.Next(20, 60);
            using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(2));
            while (await Place.ScalarAsync("SELECT count(*) FROM ledger.entry") is long count && count < wanted
                && !raced.IsCancellationRequested)
                await pause.WaitForNextTickAsync(CancellationToken.None);
            await Store.Periods!.TurnAsync($"turn-{turn}", CancellationToken.None);
        }
        Assert.False(raced.IsCancellationRequested, "The race was over before the last turn.");
    }

    private protected override async Task CheckAsync(List<LedgerEntry> all)
    {
        List<LedgerEntry> feed = await ReadFeedAsync(Store, all.Count);
        await using MemoryPlace serial = new();
        await using ILedgerStore memory = serial.OpenStore(Log);
        await using LedgerWriter writer = OpenWriter(memory);
        foreach (LedgerEntry entry in feed) Assert.Equal(AppendStatus.Appended, await TryAppendAsync(writer, entry));
    }
}
