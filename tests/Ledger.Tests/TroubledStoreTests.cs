using Npgsql;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>
/// A store that is read-only, full, gone or of another schema: it takes nothing, says so, keeps no half of anything, and is used again by
/// the same writer when the cause has gone.
/// </summary>
public abstract class TroubledStoreTests : LedgerTest
{
    private static LedgerWriterOptions NoPatience() =>
        new() { RetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(50), OutagePatience = TimeSpan.Zero };

    protected abstract string RestoreVersionSql { get; }

    [Fact]
    public async Task A_schema_changed_while_running_is_not_written_to()
    {
        LedgerWriter writer = OpenWriter();
        await AppendAsync(writer, new PersonHistory("P1").Settle("r1"));

        await Place.ExecuteAsync(Place.RaiseVersionSql);
        LedgerSchemaException unfit = await Assert.ThrowsAsync<LedgerSchemaException>(() => Store.CheckHealthAsync());
        Assert.Contains("has schema version 1000 now", unfit.Message);
        // PostgreSQL is asked about once a second.
        int taken = 1;
        while (await TryAppendAsync(writer, new PersonHistory($"Q{taken}").Settle($"q{taken}")) is var status
            && status != AppendStatus.NotAccepted)
        {
            Assert.Equal(AppendStatus.Appended, status);
            Assert.True(++taken < 100_000, "the writer never looked at the version");
        }
        Assert.Equal(taken, (await ScanSoundAsync()).Count);
        Assert.False(writer.IsFailing);

        await Place.ExecuteAsync(RestoreVersionSql);
        await Store.CheckHealthAsync();
        await AppendAsync(writer, new PersonHistory("P2").Settle("r2"));
        Assert.Equal(taken + 1, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task A_short_outage_refuses_nobody_and_a_long_one_refuses_at_once()
    {
        ManualTimeProvider time = new();
        GatedStore gate = new(Store);
        LedgerWriter writer = OpenWriter(gate, new LedgerWriterOptions { OutagePatience = TimeSpan.FromSeconds(2) }, time);
        Task<AppendOutcome> first = Start(writer, writer.OpenLane("P1"), new PersonHistory("P1").Settle("r1"));
        await gate.WaitForBatchAsync();
        gate.Let(Passage.LoseTheBatch);
        await UntilAsync(() => writer.IsFailing && time.WaitingTimers > 0);

        Task<AppendOutcome> early = Start(writer, writer.OpenLane("P2"), new PersonHistory("P2").Settle("r2"));
        time.Advance(TimeSpan.FromSeconds(2));
        await gate.WaitForBatchAsync();
        Assert.Equal(AppendStatus.NotAccepted, await TryAppendAsync(writer, new PersonHistory("P3").Settle("r3")));
        Assert.False(early.IsCompleted);

        gate.Let(Passage.Write);
        gate.Let(Passage.Write);
        Assert.Equal([AppendStatus.Appended, AppendStatus.Appended], await StatusesAsync(first, early));
        gate.Let(Passage.Write);
        Assert.Equal(AppendStatus.Appended, await TryAppendAsync(writer, new PersonHistory("P3").Settle("r3")));
    }

    /// <summary>
    /// Appends, makes the trouble, appends until refused, mends it: what waited is written, once, and what was refused is not there.
    /// </summary>
    protected async Task EndureAsync(Func<Task> trouble, Func<Task> mend, bool seenByHealth)
    {
        LedgerWriter writer = OpenWriter(options: NoPatience());
        await AppendAsync(writer, new PersonHistory("P1").Settle("r1"));
        await trouble();
        if (seenByHealth) await Assert.ThrowsAsync<LedgerUnavailableException>(() => Store.CheckHealthAsync());

        Task<AppendOutcome> waiting = Start(writer, writer.OpenLane("P2"), new PersonHistory("P2")
            .Settle("r2", content: new string('x', 100_000)));
        await UntilAsync(() => writer.IsFailing);
        PersonLane lane = writer.OpenLane("P2");
        Assert.Equal(AppendStatus.NotAccepted, (await Start(writer, lane, new PersonHistory("P2").Settle("r3")).WaitAsync(Patience))
            .Status);
        Assert.False(lane.IsBroken);
        Assert.False(waiting.IsCompleted);
        Assert.True(writer.IsFailing);

        await mend();
        Assert.Equal(AppendStatus.Appended, (await waiting.WaitAsync(Patience)).Status);
        await UntilAsync(() => !writer.IsFailing);
        await Store.CheckHealthAsync();
        await AppendAsync(writer, new PersonHistory("P4").Settle("r4"));
        Assert.Equal(["r1", "r2", "r4"], (await ScanSoundAsync()).Select(written => written.RequestId));
        Assert.Contains(Log.Lines, line => line.Contains("reaches the database again"));
    }
}

public sealed class SqliteTroubledStoreTests : TroubledStoreTests
{
    protected override string RestoreVersionSql => $"PRAGMA user_version = {Sqlite.SqliteSchema.Current}";

    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());

    [Fact]
    public async Task A_full_disk()
    {
        // Room for the first entry and not for the second.
        Place.Options.MaxFilePages = 8 + (int)(long)(await Place.ScalarAsync("PRAGMA page_count"))!;
        await EndureAsync(
            () => Task.CompletedTask,
            () =>
            {
                Place.Options.MaxFilePages = 0;
                return Task.CompletedTask;
            },
            seenByHealth: false);
    }

    [Fact]
    public Task A_file_that_was_moved_away() => EndureAsync(
        () => MoveAsync(Place.Options.Path, Place.Options.Path + ".away"),
        () =>
        {
            Assert.False(File.Exists(Place.Options.Path), "an empty ledger was made in the place of the lost one");
            return MoveAsync(Place.Options.Path + ".away", Place.Options.Path);
        },
        seenByHealth: true);

    private static Task MoveAsync(string from, string to)
    {
        File.Move(from, to);
        return Task.CompletedTask;
    }
}

public sealed class PostgresTroubledStoreTests : TroubledStoreTests
{
    private const string Full = """
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk AFTER INSERT ON ledger.entry_1 FOR EACH STATEMENT EXECUTE FUNCTION full_disk();
        """;

    protected override string RestoreVersionSql => $"UPDATE ledger.meta SET version = {Postgres.PostgresSchema.Current}";

    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    [Fact]
    public Task A_full_disk_found_after_the_rows_were_inserted() =>
        EndureAsync(
            () => Place.ExecuteAsync(Full), () => Place.ExecuteAsync("DROP TRIGGER full_disk ON ledger.entry_1"), seenByHealth: false);

    [Fact]
    public Task A_database_that_turns_read_only() => EndureAsync(() => ReadOnlyAsync("on"), () => ReadOnlyAsync("off"), seenByHealth: true);

    [Fact]
    public Task A_table_that_is_missing() => EndureAsync(
        () => Place.ExecuteAsync("ALTER TABLE ledger.entry_1 RENAME TO entry_elsewhere"),
        () => Place.ExecuteAsync("ALTER TABLE ledger.entry_elsewhere RENAME TO entry_1"),
        seenByHealth: false);

    private async Task ReadOnlyAsync(string value)
    {
        NpgsqlConnectionStringBuilder server = new(Place.Options.ConnectionString) { Database = "postgres" };
        string database = new NpgsqlConnectionStringBuilder(Place.Options.ConnectionString).Database!;
        await PostgresServer.ExecuteAsync(server.ToString(), $"ALTER DATABASE {database} SET default_transaction_read_only = {value}");
        await PostgresServer.TerminateConnectionsAsync(Place.Options.ConnectionString);
    }
}
