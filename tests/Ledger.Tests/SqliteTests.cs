using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

public sealed class SqliteReadTests : StoreReadTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());
}

public sealed class SqliteAppendOutcomeTests : AppendOutcomeTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());
}

public sealed class SqliteLaneTests : LaneTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());
}

public sealed class SqliteRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());
}

public sealed class SqliteGroupTests(ITestOutputHelper output) : GroupTests(output)
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());

    // A constraint that only this test knows.
    protected override Task RefuseRequestAsync(string requestId) => Place.ExecuteAsync(
        $"CREATE TRIGGER refused BEFORE INSERT ON entry WHEN NEW.request_id = '{requestId}' BEGIN SELECT RAISE(ABORT, 'refused'); END");
}

public sealed class SqliteFacilityJournalTests : FacilityJournalTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());
}

public sealed class SqliteSchemaTests : SchemaTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new SqlitePlace());

    // A row is copied through a temporary table without constraints, where it is changed.
    protected override async Task CopyEntryAsync(string changes) => await Place.ExecuteAsync(
        $"CREATE TEMP TABLE copy AS SELECT * FROM entry WHERE person_id = 'P1'; UPDATE copy SET {changes}; INSERT INTO entry SELECT * FROM copy;");

    protected override string[] PublishedVersions { get; } = [
        "9adaa31d26f08e68", "5cdbd595e05458dd", "43b7ef74e0e50050", "77dbef9d63491139"];

    private protected override IReadOnlyList<string> Versions => Sqlite.SqliteSchema.Versions;

    protected override async Task CopyToVersion1Async(LedgerPlace old)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(old.Options.Path)!);
        await old.ExecuteAsync($"PRAGMA journal_mode = wal; {Versions[0]} PRAGMA application_id = {0x7374746C}; PRAGMA user_version = 1;");
        await old.ExecuteAsync($"ATTACH '{Place.Options.Path}' AS present; INSERT INTO entry SELECT * FROM present.entry");
    }

    [Fact]
    public async Task A_file_of_another_program_is_refused()
    {
        await using SqlitePlace foreign = new();
        Directory.CreateDirectory(Path.GetDirectoryName(foreign.Options.Path)!);
        await foreign.ExecuteAsync("CREATE TABLE somebody_elses (a)");
        await using ILedgerStore store = LedgerStore.Create(foreign.Options, Log);
        LedgerSchemaException refusal = await Assert.ThrowsAsync<LedgerSchemaException>(() => store.InitialiseAsync());
        Assert.Contains("is a SQLite file, but not a settlement ledger", refusal.Message);
    }

    [Fact]
    public async Task The_file_is_written_ahead_and_in_full()
    {
        Assert.Equal("wal", await Place.ScalarAsync("PRAGMA journal_mode"));
    }
}
