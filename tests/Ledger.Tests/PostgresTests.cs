using Npgsql;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

public sealed class PostgresReadTests : StoreReadTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();
}

public sealed class PostgresAppendOutcomeTests : AppendOutcomeTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();
}

/// <summary>The same, with every batch by COPY, however small.</summary>
public sealed class PostgresCopyOutcomeTests : AppendOutcomeTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync(copyAlways: true);

    [Fact]
    public async Task Every_column_comes_back_as_COPY_wrote_it()
    {
        PersonHistory person = new(EntrySamples.Full().PersonId);
        await using LedgerWriter writer = OpenWriter();
        for (int i = 1; i <= 6; i++) await AppendAsync(writer, person.Settle($"r{i}"));
        LedgerEntry written = EntrySamples.Full(previous: person.Newest!.Hash).Seal();
        await AppendAsync(writer, written);
        LedgerEntry read = (await Store.ReadNewestAsync(person.Person))!;
        Assert.True(read.HashIsValid());
        Assert.Equal(written.Hash, read.Hash);
    }
}

public sealed class PostgresCopyRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync(copyAlways: true);
}

public sealed class PostgresCopyGroupTests(ITestOutputHelper output) : GroupTests(output)
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync(copyAlways: true);

    protected override Task RefuseRequestAsync(string requestId) =>
        Place.ExecuteAsync($"ALTER TABLE ledger.entry ADD CONSTRAINT refused CHECK (request_id <> '{requestId}')");
}

public sealed class PostgresLaneTests : LaneTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();
}

public sealed class PostgresRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();
}

public sealed class PostgresGroupTests(ITestOutputHelper output) : GroupTests(output)
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    // A constraint that only this test knows.
    protected override Task RefuseRequestAsync(string requestId) =>
        Place.ExecuteAsync($"ALTER TABLE ledger.entry ADD CONSTRAINT refused CHECK (request_id <> '{requestId}')");
}

public sealed class PostgresFacilityJournalTests : FacilityJournalTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();
}

public sealed class PostgresSchemaTests : SchemaTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    // A row is copied through a temporary table without constraints, where it is changed.
    protected override Task CopyEntryAsync(string changes) => Place.ExecuteAsync(
        $"CREATE TEMP TABLE copy AS SELECT * FROM ledger.entry WHERE person_id = 'P1'; UPDATE copy SET {changes}; INSERT INTO ledger.entry_1 SELECT * FROM copy;");

    protected override string[] PublishedVersions { get; } =
        [
            "1acd4c6ccda42a5f", "a2750273a230c002", "ff642a3ff461a31c", "e5e36f0e2ffb8cfb", "ec9cf9dcbfe49729", "45ac23b4de604293",
            "4a7e0a28988b1acf", "3befd96e09a81732",
        ];

    private protected override IReadOnlyList<string> Versions => Postgres.PostgresSchema.Versions;

    // The first version held a position whole in one column.
    protected override async Task CopyToVersion1Async(LedgerPlace old)
    {
        await old.ExecuteAsync($"CREATE SCHEMA ledger; {Versions[0]} UPDATE ledger.meta SET version = 1;");
        await using NpgsqlConnection from = new(Place.Options.ConnectionString);
        await using NpgsqlConnection to = new(old.Options.ConnectionString);
        await from.OpenAsync();
        await to.OpenAsync();
        await using NpgsqlRawCopyStream rows = await from.BeginRawBinaryCopyAsync(
            $"COPY (SELECT position + place, {EntryColumns.Content} FROM ledger.entry) TO STDOUT (FORMAT binary)");
        await using NpgsqlRawCopyStream copies = await to.BeginRawBinaryCopyAsync(
            $"COPY ledger.entry ({EntryColumns.List}) FROM STDIN (FORMAT binary)");
        await rows.CopyToAsync(copies);
    }

    [Fact]
    public async Task After_a_restore_into_a_younger_server_positions_go_on_above_the_old_ones()
    {
        // Transaction numbers of this server are far below those which the restored positions were made of.
        const long restored = 1L << 50;
        await AppendAsync(OpenWriter(), new PersonHistory("P1").Settle("r1"));
        await Place.ExecuteAsync($"SET session_replication_role = replica; UPDATE ledger.entry SET position = {restored}");

        ILedgerStore store = OpenStore();
        await store.InitialiseAsync();
        Assert.Contains(Log.Lines, line => line.Contains("positions continue above it"));
        await AppendAsync(OpenWriter(store), new PersonHistory("P2").Settle("r2"));
        await store.InitialiseAsync();
        await AppendAsync(OpenWriter(store), new PersonHistory("P3").Settle("r3"));

        long[] positions = [.. (await ReadFeedAsync(store, 3)).Select(entry => entry.Position)];
        Assert.Equal(restored + 1, positions[0]);
        Assert.True(positions[1] > positions[0] && positions[2] > positions[1], string.Join(", ", positions));
    }

    [Fact]
    public async Task Another_programs_table_of_the_same_name_is_left_alone()
    {
        await using LedgerPlace foreign = await CreatePlaceAsync();
        await foreign.ExecuteAsync("CREATE SCHEMA ledger; CREATE TABLE ledger.entry (a integer)");
        await using ILedgerStore store = LedgerStore.Create(foreign.Options, Log);
        Assert.Contains("but not of this product", (await Assert.ThrowsAsync<LedgerSchemaException>(() => store.InitialiseAsync()))
            .Message);
    }

    [Fact]
    public async Task Rows_of_usual_size_stay_in_the_table_and_uncompressed()
    {
        PersonHistory person = new("P1");
        await AppendAsync(OpenWriter(), person.Settle("r1", content: new string('x', 1500)));
        Assert.Equal(0L, await Place.ScalarAsync(
            "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'ledger.entry_1'::regclass"));
        Assert.Equal(person.Newest!.Answer.Length, await Place.ScalarAsync("SELECT pg_column_size(answer) - 4 FROM ledger.entry"));
    }
}

/// <summary>The same with a period before: every statement asks the closed one too.</summary>
public sealed class TwoPeriodsAppendOutcomeTests : AppendOutcomeTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.Periods!.TurnAsync("before");
    }
}

/// <summary>The same with a period before, every batch by COPY.</summary>
public sealed class TwoPeriodsCopyGroupTests(ITestOutputHelper output) : GroupTests(output)
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync(copyAlways: true);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Store.Periods!.TurnAsync("before");
    }

    protected override Task RefuseRequestAsync(string requestId) =>
        Place.ExecuteAsync($"ALTER TABLE ledger.entry ADD CONSTRAINT refused CHECK (request_id <> '{requestId}')");
}
