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

public sealed class PostgresSchemaTests : SchemaTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    // A row is copied through a temporary table without constraints, where it is changed.
    protected override Task CopyEntryAsync(string changes) => Place.ExecuteAsync(
        $"CREATE TEMP TABLE copy AS SELECT * FROM ledger.entry WHERE person_id = 'P1'; UPDATE copy SET {changes}; INSERT INTO ledger.entry SELECT * FROM copy;");

    protected override string[] PublishedVersions { get; } = ["1acd4c6ccda42a5f", "a2750273a230c002"];

    private protected override IReadOnlyList<string> Versions => Postgres.PostgresSchema.Versions;

    protected override Task CreateVersion1Async(LedgerPlace place) =>
        place.ExecuteAsync($"CREATE SCHEMA ledger; {Versions[0]} UPDATE ledger.meta SET version = 1;");

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
        long position = await AppendAsync(OpenWriter(store), new PersonHistory("P2").Settle("r2"));

        Assert.True(position > restored, $"{position} is not above {restored}");
        await store.InitialiseAsync();
        Assert.True(await AppendAsync(OpenWriter(store), new PersonHistory("P3").Settle("r3")) > position);
    }

    [Fact]
    public async Task Another_programs_table_of_the_same_name_is_left_alone()
    {
        await using LedgerPlace foreign = await CreatePlaceAsync();
        await foreign.ExecuteAsync("CREATE SCHEMA ledger; CREATE TABLE ledger.entry (a integer)");
        await using ILedgerStore store = LedgerStore.Create(foreign.Options, Log);
        Assert.Contains("but not of this product", (await Assert.ThrowsAsync<LedgerSchemaException>(() => store.InitialiseAsync())).Message);
    }

    [Fact]
    public async Task Rows_of_usual_size_stay_in_the_table_and_uncompressed()
    {
        PersonHistory person = new("P1");
        await AppendAsync(OpenWriter(), person.Settle("r1", content: new string('x', 1500)));
        Assert.Equal(0L, await Place.ScalarAsync(
            "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'ledger.entry'::regclass"));
        Assert.Equal(person.Newest!.Answer.Length, await Place.ScalarAsync("SELECT pg_column_size(answer) - 4 FROM ledger.entry"));
    }
}
