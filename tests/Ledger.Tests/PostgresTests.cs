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

public sealed class PostgresSchemaTests : SchemaTests
{
    protected override async Task<LedgerPlace> CreatePlaceAsync() => await PostgresPlace.CreateAsync();

    // A row is copied through a temporary table without constraints, where it is changed.
    protected override Task CopyEntryAsync(string changes) => Place.ExecuteAsync(
        $"CREATE TEMP TABLE copy AS SELECT * FROM ledger.entry WHERE person_id = 'P1'; UPDATE copy SET {changes}; INSERT INTO ledger.entry SELECT * FROM copy;");
}
