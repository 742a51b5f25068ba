using Microsoft.Extensions.Logging;
using Settlement.Simulate;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

/// <summary>The database of the simulation keeps the promises of the real ones: else the simulation would test a fantasy.</summary>
internal sealed class MemoryPlace : LedgerPlace
{
    private readonly RefusingLedger ledger = new();

    /// <summary>Refuses an entry for a reason that the ledger does not know.</summary>
    public void Refuse(string requestId) => ledger.Refused = requestId;

    public override LedgerOptions Options => throw new NotSupportedException("A ledger in memory has no options.");

    public override string EntryTable => throw new NotSupportedException("A ledger in memory has no tables.");

    public override string RaiseVersionSql => throw new NotSupportedException("A ledger in memory has no schema.");

    public override ILedgerStore OpenStore(ILoggerFactory log) => new MemoryLedgerStore(ledger);

    public override Task<int> ExecuteAsync(string sql) => throw new NotSupportedException("A ledger in memory knows no SQL.");

    public override Task<object?> ScalarAsync(string sql) => throw new NotSupportedException("A ledger in memory knows no SQL.");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class RefusingLedger : MemoryLedger
    {
        public string? Refused { get; set; }

        protected override AppendStatus? Against(LedgerEntry entry, LedgerEntry? before) =>
            entry.RequestId == Refused ? AppendStatus.Refused : base.Against(entry, before);
    }
}

public sealed class MemoryReadTests : StoreReadTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryAppendOutcomeTests : AppendOutcomeTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryGroupTests(ITestOutputHelper output) : GroupTests(output)
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());

    protected override Task RefuseRequestAsync(string requestId)
    {
        ((MemoryPlace)Place).Refuse(requestId);
        return Task.CompletedTask;
    }
}

public sealed class MemoryLaneTests : LaneTests
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}

public sealed class MemoryRacingWriterTests(ITestOutputHelper output) : RacingWriterTests(output)
{
    protected override Task<LedgerPlace> CreatePlaceAsync() => Task.FromResult<LedgerPlace>(new MemoryPlace());
}
