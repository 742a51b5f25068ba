using Npgsql;

namespace Settlement.Ledger.Tests;

/// <summary>
/// Taking a closed period off the ledger and putting it back: what is kept of it, what is refused, and that it is all or nothing.
/// </summary>
public sealed class DetachTests : PeriodTest
{
    [Fact]
    public async Task Who_has_been_dormant_wakes_from_one_row_and_goes_on()
    {
        (PersonHistory active, PersonHistory dormant) = await WriteTwoYearsAsync();
        LedgerPeriod detached = await Periods.DetachAsync("2026");

        Assert.Equal((8L, 2L), (detached.Detached!.Entries, detached.Detached.Persons));
        Assert.Equal(dormant.Newest!.Hash, (await Store.ReadNewestAsync("dormant"))!.Hash);
        Assert.Equal(active.Newest!.Hash, (await Store.ReadNewestAsync("P1"))!.Hash);
        Assert.Equal([5], (await Store.ReadPersonAsync("P1", 1, 10)).Select(entry => entry.Sequence));
        Assert.Empty(await Store.ReadPersonAsync("dormant", 1, 10));
        Assert.True((await Store.ReadAsync("P1", 4))!.HashIsValid());
        Assert.Null(await Store.ReadAsync("P1", 3));
        DetachedPart part = (await Store.ReadDetachedPartAsync("P1"))!;
        Assert.Equal((4, "2026"), (part.Newest.Sequence, part.Period));

        foreach (bool copy in (bool[])[false, true])
        {
            LedgerWriter writer = OpenWriter(copy);
            await AppendAsync(writer, dormant.Settle($"dormant-{copy}"));
            await AppendAsync(writer, active.Settle($"active-{copy}"));
            await AppendAsync(writer, new PersonHistory($"new-{copy}").Settle($"new-{copy}"));
        }
        Assert.Empty(await Periods.CheckDetachedAsync());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task What_the_detached_period_holds_is_refused_by_name_and_never_forked(bool copy, bool dropped)
    {
        (PersonHistory active, PersonHistory dormant) = await WriteTwoYearsAsync();
        LedgerWriter before = OpenWriter(copy);
        await AppendAsync(before, new PersonHistory("warm").Settle("warm"));
        LedgerEntry first = (await Store.ReadAsync("dormant", 1))!;
        LedgerEntry third = (await Store.ReadAsync("dormant", 3))!;
        await Periods.DetachAsync("2026");
        if (dropped) await Place.ExecuteAsync("DROP TABLE ledger.entry_1");

        // A writer from before the detachment knows the table, as long as there is one: then it sees the entries themselves.
        foreach ((LedgerWriter by, bool sees) in (ValueTuple<LedgerWriter, bool>[])[(OpenWriter(copy), false), (before, !dropped)])
        {
            Assert.Equal(AppendStatus.Archived, await TryAppendAsync(by, new PersonHistory("stranger").Settle("dormant-1")));
            Assert.Equal(AppendStatus.Archived, await TryAppendAsync(by, new PersonHistory("stranger").Settle("new-id", Charge)));
            Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(by, new PersonHistory("dormant").Settle("second-first")));
            Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(by, new PersonHistory("dormant", first).Settle("second-second")));
            Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(by, new PersonHistory("dormant", third).Settle("second-fourth")));
            Assert.Equal(AppendStatus.Appended, await TryAppendAsync(by, dormant.Newest!));
            if (!sees) Assert.Equal(
                AppendStatus.Archived, await TryAppendAsync(by, new PersonHistory("P1", active.Newest).Reverse(2, "too-late")));
        }
        Assert.Equal(
            AppendStatus.Appended,
            await TryAppendAsync(before, new PersonHistory("other").Settle("settled-again", ReversedCharge, generation: 1)));

        Assert.Equal("2026", (await Store.ReadArchivedRequestAsync(LedgerKey.ForRequest("H21010500001", "dormant-1")))!.Period);
        Assert.Null(await Store.ReadArchivedRequestAsync(LedgerKey.ForRequest("H21010500001", "P1-5")));
        Assert.Equal(new ArchivedKey("2026", 0, false), await Store.ReadArchivedChargeAsync(Charge));
        Assert.Equal(new ArchivedKey("2026", 0, true), await Store.ReadArchivedChargeAsync(ReversedCharge));
    }

    [Fact]
    public async Task A_refused_entry_harms_no_neighbour_of_its_batch()
    {
        await WriteTwoYearsAsync();
        await Periods.DetachAsync("2026");
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        Task<AppendOutcome>[] answers = [.. Enumerable.Range(0, 30).Select(i =>
            Start(writer, writer.OpenLane($"n{i}"), new PersonHistory($"n{i}")
                .Settle(i == 7 ? "dormant-2" : $"n{i}", i == 19 ? Charge : null)))];
        Assert.Equal(30, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);
        AppendStatus[] statuses = await StatusesAsync(answers);
        Assert.Equal((AppendStatus.Archived, AppendStatus.Archived), (statuses[7], statuses[19]));
        Assert.Equal(28, statuses.Count(status => status == AppendStatus.Appended));
    }

    [Fact]
    public async Task The_feed_names_what_it_would_leave_out_and_goes_on_behind_it()
    {
        await WriteTwoYearsAsync();
        long last = (await ReadFeedAsync(Store, 9))[7].Position;
        await Periods.DetachAsync("2026");
        LedgerDetachedException refusal = await Assert.ThrowsAsync<LedgerDetachedException>(() => Store.ReadFromPositionAsync(0, 10));
        Assert.Contains(
            $"are in period 2026, which is detached: attach it, or read ledger.entry_1, and go on behind {last}", refusal.Message);
        Assert.Equal(("2026", last, "ledger.entry_1"), (refusal.Period, refusal.LastPosition, refusal.Table));
        Assert.Equal("P1-5", Assert.Single(await Store.ReadFromPositionAsync(last, 10)).RequestId);
    }

    [Fact]
    public async Task Periods_are_detached_oldest_first_and_attached_newest_first()
    {
        await WriteTwoYearsAsync();
        await Periods.TurnAsync("2027");
        await RefusedAsync(Periods.DetachAsync("2027"), "detach '2026' first");
        await RefusedAsync(Periods.DetachAsync("2028"), "There is no closed period '2028'. Closed are: 2026, 2027.");
        await RefusedAsync(Periods.AttachAsync("2026"), "is attached");
        await Periods.DetachAsync("2026");
        await RefusedAsync(Periods.DetachAsync("2026"), "detached already");
        await Periods.DetachAsync("2027");
        await RefusedAsync(Periods.AttachAsync("2026"), "attach '2027' first");

        // Carried twice: the newest entry of each of the two periods.
        Assert.Equal(
            (5, "2027"), ((await Store.ReadDetachedPartAsync("P1"))!.Newest.Sequence, (await Store.ReadDetachedPartAsync("P1"))!.Period));
        Assert.Equal(5, (await Store.ReadNewestAsync("P1"))!.Sequence);
        Assert.Equal(4, (await Store.ReadNewestAsync("dormant"))!.Sequence);
        LedgerEntry fourth = (await Store.ReadAsync("P1", 4))!;
        Assert.Equal(AppendStatus.Fenced, await TryAppendAsync(OpenWriter(), new PersonHistory("P1", fourth).Settle("second-fifth")));
        await Periods.AttachAsync("2027");
        await Periods.AttachAsync("2026");
        Assert.Equal(9, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task A_period_put_back_is_as_if_it_had_never_gone_and_goes_again()
    {
        (PersonHistory active, PersonHistory dormant) = await WriteTwoYearsAsync();
        await Periods.DetachAsync("2026");
        LedgerWriter between = OpenWriter();
        await AppendAsync(between, dormant.Settle("back"));
        await Place.ExecuteAsync(
            "DROP TRIGGER entry_takes_nothing ON ledger.entry_1; DROP TRIGGER entry_is_never_changed ON ledger.entry_1");
        await Periods.AttachAsync("2026");

        Assert.Equal(10, (await ScanSoundAsync()).Count);
        Assert.Equal(10, (await ReadFeedAsync(Store, 10)).Count);
        Assert.Null(await Store.ReadArchivedRequestAsync(LedgerKey.ForRequest("H21010500001", "dormant-1")));
        foreach (LedgerWriter by in (LedgerWriter[])[between, OpenWriter()])
            Assert.Equal(AppendStatus.DuplicateRequest, await TryAppendAsync(by, new PersonHistory("stranger").Settle("dormant-1")));
        Assert.Equal("LP001", (await Assert.ThrowsAsync<PostgresException>(
            () => Place.ExecuteAsync("INSERT INTO ledger.entry_1 SELECT * FROM ledger.entry_2"))).SqlState);
        await Assert.ThrowsAsync<PostgresException>(() => Place.ExecuteAsync("DELETE FROM ledger.entry_1"));
        await AppendAsync(OpenWriter(), active.Reverse(2, "reversed-at-last"));
        await Periods.DetachAsync("2026");
        Assert.True((await Store.ReadArchivedChargeAsync(Charge))!.IsReversed);
        Assert.Empty(await Periods.CheckDetachedAsync());
    }

    [Theory]
    [InlineData("DELETE FROM ledger.entry_1 WHERE sequence = 1", "holds 6 entries; 8 were detached")]
    [InlineData("UPDATE ledger.entry_1 SET hash = sha256(hash) WHERE sequence = 2", "does not hold the entries")]
    [InlineData("DROP TABLE ledger.entry_1", "is not in this database")]
    [InlineData("DROP INDEX ledger.entry_charge", "has 4 unique keys of 5")]
    public async Task A_table_that_is_not_what_was_detached_is_not_put_back(string damage, string reason)
    {
        await WriteTwoYearsAsync();
        await Periods.DetachAsync("2026");
        await Place.ExecuteAsync($"SET session_replication_role = replica; {damage}");
        await RefusedAsync(Periods.AttachAsync("2026"), reason);
        Assert.Single(await ReadFeedAsync(Store, 1, after: (await Periods.ListAsync())[0].Detached!.LastPosition!.Value));
    }

    [Theory]
    [InlineData("DELETE FROM ledger.carried WHERE person_id = 'dormant'", "the entries carried forward are not those of its record")]
    [InlineData("DELETE FROM ledger.archived_key WHERE charge_key IS NULL", "2 keys are kept of 8 entries")]
    [InlineData(
        "UPDATE ledger.archived_key SET request_key = (SELECT request_key FROM ledger.entry_2) WHERE charge_key IS NOT NULL AND NOT reversed", "1 requests of detached periods made another entry too")]
    public async Task What_was_kept_is_checked_against_the_record(string damage, string fault)
    {
        await WriteTwoYearsAsync();
        await Periods.DetachAsync("2026");
        await Place.ExecuteAsync($"SET session_replication_role = replica; {damage}");
        Assert.Contains(await Periods.CheckDetachedAsync(), found => found.Contains(fault));
        await Assert.ThrowsAsync<PostgresException>(() => Place.ExecuteAsync("DELETE FROM ledger.carried"));
        await Assert.ThrowsAsync<PostgresException>(() => Place.ExecuteAsync("DELETE FROM ledger.archived_key"));
    }

    [Fact]
    public async Task A_detachment_that_is_killed_has_changed_nothing()
    {
        await WriteTwoYearsAsync();
        // A reader, such as a dump, is in the table: all is copied, and only the last step waits.
        await using (NpgsqlConnection dump = await LockAsync("ledger.entry_1", "ACCESS SHARE"))
        {
            Task<LedgerPeriod> detachment = Periods.DetachAsync("2026");
            await UntilWaitingForLockAsync(end: true);
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => detachment.WaitAsync(Patience));
        }
        Assert.Null((await Periods.ListAsync())[0].Detached);
        Assert.Equal(
            0L, await Place.ScalarAsync("SELECT (SELECT count(*) FROM ledger.carried) + (SELECT count(*) FROM ledger.archived_key)"));
        Assert.Equal(9, (await ScanSoundAsync()).Count);
        await Periods.DetachAsync("2026");
        Assert.Empty(await Periods.CheckDetachedAsync());
    }

    [Fact]
    public async Task An_empty_period_goes_and_comes_back_and_positions_stay_above_a_detached_one()
    {
        const long restored = 1L << 50;
        await Periods.TurnAsync("empty");
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
        await Periods.TurnAsync("2026");
        await Periods.DetachAsync("empty");
        await Periods.DetachAsync("2026");
        await Place.ExecuteAsync($"UPDATE ledger.period SET last_position = {restored} WHERE label = '2026'");
        ILedgerStore younger = OpenStore();
        await younger.InitialiseAsync();
        await AppendAsync(OpenWriter(younger), new PersonHistory("P2").Settle("r2"));
        Assert.True((await younger.ReadNewestAsync("P2"))!.Position > restored);
        await Periods.AttachAsync("2026");
        await Periods.AttachAsync("empty");
        Assert.Equal(2, (await ScanSoundAsync()).Count);
    }

    /// <summary>P1 and another person write in 2026, which is closed; then P1 alone goes on.</summary>
    private async Task<(PersonHistory Active, PersonHistory Dormant)> WriteTwoYearsAsync()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory active = await WriteYearAsync(writer, "P1");
        PersonHistory dormant = await WriteYearAsync(writer, "dormant");
        await Periods.TurnAsync("2026");
        await AppendAsync(writer, active.Settle("P1-5"));
        return (active, dormant);
    }

    private static async Task RefusedAsync(Task<LedgerPeriod> change, string reason) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<LedgerException>(() => change)).Message);
}
