using Microsoft.Extensions.Logging;
using Settlement.Simulate;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

/// <summary>The database of the simulation keeps the promises of the real ones: else the simulation would test a fantasy.</summary>
internal sealed class MemoryPlace : LedgerPlace
{
    private readonly MemoryLedger ledger = new();

    public override LedgerOptions Options => throw new NotSupportedException("A ledger in memory has no options.");

    public override string EntryTable => throw new NotSupportedException("A ledger in memory has no tables.");

    public override string RaiseVersionSql => throw new NotSupportedException("A ledger in memory has no schema.");

    public override ILedgerStore OpenStore(ILoggerFactory log) => new MemoryLedgerStore(ledger);

    public override Task<int> ExecuteAsync(string sql) => throw new NotSupportedException("A ledger in memory knows no SQL.");

    public override Task<object?> ScalarAsync(string sql) => throw new NotSupportedException("A ledger in memory knows no SQL.");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class MemoryReadTests : StoreReadTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryAppendOutcomeTests : AppendOutcomeTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryLaneTests : LaneTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}
