using System.Collections.Concurrent;
using Npgsql;
using Settlement.Tests.Support;

namespace Settlement.Ledger.Tests;

/// <summary>Lost connections and lost servers: what was answered Appended is there, and nothing is there twice.</summary>
public sealed class PostgresFaultTests : LedgerTest
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    [Theory]
    [InlineData(Cut.BeforeRequest)]
    [InlineData(Cut.BeforeAnswer)]
    public async Task A_connection_cut_while_a_batch_is_under_way_loses_and_doubles_nothing(Cut where)
    {
        await using CuttingProxy proxy = new((await PostgresServer.SharedAsync()).Port);
        await using ILedgerStore throughProxy = LedgerStore.Create(
            new LedgerOptions
            {
                Provider = LedgerProvider.Postgres,
                ConnectionString = new NpgsqlConnectionStringBuilder(
                    Place.Options.ConnectionString) { Port = proxy.Port, Pooling = false }.ToString(),
            },
            Log);
        await using LedgerWriter writer = OpenWriter(
            throughProxy, new LedgerWriterOptions { Count = 1, RetryDelay = TimeSpan.FromMilliseconds(5) });
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        for (int round = 1; round <= 5; round++)
        {
            await AppendOneAsync($"warm-{round}");
            Task cut = proxy.Arm(where);
            await AppendOneAsync($"cut-{round}");
            await cut.WaitAsync(Patience);
            cut = proxy.Arm(where);
            Assert.Equal(
                [AppendStatus.Appended],
                await StatusesAsync(
                    StartGroup(writer, lane, person.Settle($"first-{round}"), person.Settle($"second-{round}"),
                    person.Settle($"third-{round}"))));
            await cut.WaitAsync(Patience);
        }

        Assert.Equal(25, (await ScanSoundAsync()).Count);
        Assert.Contains(Log.Lines, line => line.Contains("did not learn the outcome of 1 entries"));
        Assert.Contains(Log.Lines, line => line.Contains("did not learn the outcome of 3 entries"));

        async Task AppendOneAsync(string request) =>
            Assert.Equal(AppendStatus.Appended, (await Start(writer, lane, person.Settle(request)).WaitAsync(Patience)).Status);
    }

    [Fact]
    public async Task Connections_ended_by_the_server_are_replaced()
    {
        await using LedgerWriter writer = OpenWriter();
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        for (int round = 1; round <= 10; round++)
        {
            Task<AppendOutcome>[] answers = [.. Enumerable.Range(0, 20).Select(i => Start(writer, lane, person.Settle($"{round}-{i}")))];
            await PostgresServer.TerminateConnectionsAsync(Place.Options.ConnectionString);
            Assert.All(await StatusesAsync(answers), status => Assert.Equal(AppendStatus.Appended, status));
        }
        Assert.Equal(200, (await ScanSoundAsync()).Count);
    }

    [Fact]
    public async Task A_commit_that_fails_is_not_an_append()
    {
        // The row is inserted and the statement complete; the failure comes with the commit itself.
        await Place.ExecuteAsync("""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$;
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON ledger.entry_1 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        ManualTimeProvider time = new();
        await using LedgerWriter writer = OpenWriter(options: new LedgerWriterOptions { Count = 1 }, time: time);
        Task<AppendOutcome> answer = Start(writer, writer.OpenLane("P1"), new PersonHistory("P1").Settle("r1"));
        await UntilAsync(() => time.WaitingTimers > 0);
        Assert.False(answer.IsCompleted);
        Assert.Null(await Store.ReadNewestAsync("P1"));
        Assert.Contains(Log.Lines, line => line.Contains("no room"));

        await Place.ExecuteAsync("DROP TRIGGER fail ON ledger.entry_1");
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([AppendStatus.Appended], await StatusesAsync(answer));
        Assert.NotNull(await Store.ReadNewestAsync("P1"));
    }

    [Fact]
    public async Task An_entry_that_the_database_refuses_harms_no_neighbour()
    {
        await Place.ExecuteAsync("ALTER TABLE ledger.entry ADD CONSTRAINT no_poison CHECK (person_id <> 'poison')");
        GatedStore gated = new(Store);
        await using LedgerWriter writer = OpenWriter(gated, new LedgerWriterOptions { Count = 1 });
        await gated.HoldAsync(writer);
        PersonHistory poison = new("poison");
        PersonLane lane = writer.OpenLane("poison");
        Task<AppendOutcome>[] answers =
        [
            .. Enumerable.Range(0, 20).Select(i => Start(writer, writer.OpenLane($"a{i}"), new PersonHistory($"a{i}").Settle($"a{i}"))),
            Start(writer, lane, poison.Settle("poison-1")),
            Start(writer, lane, poison.Settle("poison-2")),
            .. Enumerable.Range(0, 20).Select(i => Start(writer, writer.OpenLane($"z{i}"), new PersonHistory($"z{i}").Settle($"z{i}"))),
        ];
        Assert.Equal(42, (await gated.GatherAsync()).Length);
        gated.Let(Passage.Write);

        AppendStatus[] statuses = await StatusesAsync(answers);
        Assert.Equal([AppendStatus.Refused, AppendStatus.Abandoned], statuses[20..22]);
        Assert.Equal(40, statuses.Count(status => status == AppendStatus.Appended));
        Assert.Equal(40, (await ScanSoundAsync()).Count);
        Assert.Contains(Log.Lines, line => line.Contains("refused entry 1 of person ****on") && line.Contains("no_poison"));
        Assert.DoesNotContain(Log.Lines, line => line.Contains("person poison"));
    }

    [Fact]
    public async Task The_feed_waits_for_a_smaller_position_that_is_still_being_written()
    {
        await using NpgsqlConnection slow = new(Place.Options.ConnectionString);
        await slow.OpenAsync();
        await using (NpgsqlTransaction transaction = await slow.BeginTransactionAsync())
        {
            // Any writing transaction that began earlier could still bring a smaller position.
            await using NpgsqlCommand number = new("SELECT pg_current_xact_id()::text", slow);
            await number.ExecuteScalarAsync();
            await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
            Assert.NotNull(await Store.ReadNewestAsync("P1"));
            Assert.Empty(await Store.ReadFromPositionAsync(0, 10));
            await transaction.CommitAsync();
        }
        IReadOnlyList<LedgerEntry> feed = [];
        await UntilAsync(async () => (feed = await Store.ReadFromPositionAsync(0, 10)).Count > 0);
        Assert.Equal("r1", Assert.Single(feed).RequestId);
    }

    [Fact]
    public async Task A_server_that_crashes_under_load_keeps_every_answered_entry()
    {
        await using PostgresServer server = await PostgresServer.StartAsync();
        await using PostgresPlace place = new(await server.CreateDatabaseAsync());
        await using ILedgerStore store = LedgerStore.Create(place.Options, Log);
        await store.InitialiseAsync();
        await using LedgerWriter writer = OpenWriter(store);
        ConcurrentDictionary<LedgerHash, bool> appended = new();
        using CancellationTokenSource enough = new();
        Task[] persons = [.. Enumerable.Range(0, 8)
            .Select(number => Task.Run(() => KeepAppendingAsync(writer, $"P{number}", appended, enough.Token)))];

        foreach (PostgresStop how in (PostgresStop[])[PostgresStop.Immediate, PostgresStop.Fast, PostgresStop.Immediate])
        {
            int before = appended.Count;
            await UntilAsync(() => appended.Count > before + 50);
            await server.StopAsync(how);
            await server.StartAgainAsync();
        }
        int last = appended.Count;
        await UntilAsync(() => appended.Count > last + 50);
        await enough.CancelAsync();
        await Task.WhenAll(persons).WaitAsync(Patience);

        HashSet<LedgerHash> there = [];
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            Assert.True(entry.HashIsValid());
            Assert.True(there.Add(entry.Hash));
        }
        Assert.Subset(there, new HashSet<LedgerHash>(appended.Keys));
        Assert.Equal(appended.Count, there.Count);
    }

    [Fact]
    public async Task A_server_without_fsync_is_refused_unless_a_test_asks_for_it()
    {
        await using PostgresServer server = await PostgresServer.StartAsync("fsync=off");
        await using PostgresPlace place = new(await server.CreateDatabaseAsync());
        await using (ILedgerStore strict = LedgerStore.Create(place.Options, Log))
        {
            LedgerConfigurationException refusal = await Assert.ThrowsAsync<LedgerConfigurationException>(() => strict.InitialiseAsync());
            Assert.Contains("runs with fsync = off", refusal.Message);
            Assert.Contains("Ledger:AllowUnsafeDurability", refusal.Message);
        }
        place.Options.AllowUnsafeDurability = true;
        await using ILedgerStore lenient = LedgerStore.Create(place.Options, Log);
        await lenient.InitialiseAsync();
        Assert.Contains(Log.Lines, line => line.StartsWith("Warning 2012") && line.Contains("fsync = off"));
    }

    [Fact]
    public async Task A_standby_is_refused_and_taken_once_it_is_promoted()
    {
        string folder = Directory.CreateTempSubdirectory("settlement-pg-").FullName;
        await using PostgresServer server = await PostgresServer.StartInAsync(folder);
        string database = await server.CreateDatabaseAsync();
        await server.StopAsync(PostgresStop.Fast);
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "standby.signal"), "");
        await server.StartAgainAsync();
        await using PostgresPlace place = new(database);
        await using ILedgerStore store = LedgerStore.Create(place.Options, Log);

        LedgerUnavailableException refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.InitialiseAsync());
        Assert.Contains("is in recovery", refusal.Message);
        Assert.Contains("name the primary", refusal.Message);

        Assert.Equal(true, await PostgresServer.ScalarAsync(database, "SELECT pg_promote()"));
        await store.InitialiseAsync();
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk_whatever_the_database_says()
    {
        string database = new NpgsqlConnectionStringBuilder(Place.Options.ConnectionString).Database!;
        await Place.ExecuteAsync($"ALTER DATABASE {database} SET synchronous_commit = off");
        // The start-up would refuse a connection on which the setting did not take.
        await OpenStore().InitialiseAsync();
        Assert.Equal("off", await Place.ScalarAsync("SHOW synchronous_commit"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_the_password()
    {
        LedgerOptions nowhere = new()
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d;Timeout=2",
        };
        await using ILedgerStore store = LedgerStore.Create(nowhere, Log);
        LedgerUnavailableException problem = await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.InitialiseAsync());
        Assert.Contains("PostgreSQL database d on 127.0.0.1:1 does not answer", problem.Message);
        Assert.DoesNotContain("secret", problem.ToString());
    }

    private async Task KeepAppendingAsync(
        LedgerWriter writer, string name, ConcurrentDictionary<LedgerHash, bool> appended, CancellationToken enough)
    {
        PersonHistory person = new(name);
        PersonLane lane = writer.OpenLane(name);
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            LedgerEntry entry = person.Settle($"{name}-{i}");
            AppendOutcome outcome = await Start(writer, lane, entry).WaitAsync(Patience, CancellationToken.None);
            Assert.True(outcome.IsAppended, $"{outcome.Status}\n{Log}");
            Assert.True(appended.TryAdd(entry.Hash, true));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_restore_to_an_earlier_state_no_entry_is_written_behind_the_lost_one(bool copyAlways)
    {
        await using PostgresPlace place = await PostgresPlace.CreateAsync(copyAlways);
        await using ILedgerStore store = LedgerStore.Create(place.Options, Log);
        await store.InitialiseAsync();
        await using LedgerWriter writer = OpenWriter(
            store, new LedgerWriterOptions { Count = 1, RetryDelay = TimeSpan.FromMilliseconds(5) });
        PersonHistory person = new("P1");
        PersonLane lane = writer.OpenLane("P1");
        await Start(writer, lane, person.Settle("r1")).WaitAsync(Patience);
        await Start(writer, lane, person.Settle("r2")).WaitAsync(Patience);

        // A restore loses the newest entry, and every connection.
        await place.ExecuteAsync("SET session_replication_role = replica; DELETE FROM ledger.entry WHERE sequence = 2");
        await PostgresServer.TerminateConnectionsAsync(place.Options.ConnectionString);

        Assert.Equal(AppendStatus.Fenced, (await Start(writer, lane, person.Settle("r3")).WaitAsync(Patience)).Status);
        Assert.Equal(1, (await store.ReadNewestAsync("P1"))!.Sequence);
    }
}
