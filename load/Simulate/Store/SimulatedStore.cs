using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>What a silo's store is made of.</summary>
internal sealed record StoreParts(
    MemoryLedger Ledger, SimulatedProcess Process, FaultInjector Faults, Outage Outage, Chance Chance, Journal Journal)
{
    public EventLoop Loop => Process.Loop;

    /// <summary>How long a message is under way between a silo and the database.</summary>
    public long Way() => Chance.Between(40, 300) * Ticks.Microsecond;
}

/// <summary>
/// One silo's way to the database. A question takes time to get there and an answer to get back; either may be lost, the database may be
/// away, and what it was told to commit it may commit when nobody waits any more.
/// </summary>
internal class SimulatedStore(StoreParts parts) : MemoryLedgerStore(parts.Ledger)
{
    /// <summary>As PostgreSQL's, so that the lanes of one silo are written by several.</summary>
    public override int DefaultWriterCount => 2;

    /// <summary>What it is made of.</summary>
    protected StoreParts Parts => parts;

    /// <inheritdoc/>
    public override ILedgerAppender OpenAppender() => new SimulatedAppender(parts);

    /// <inheritdoc/>
    protected override Task<T> Ask<T>(Func<T> question)
    {
        parts.Loop.AssertHere("A question to the store");
        TaskCompletionSource<T> answer = new();
        parts.Loop.After(parts.Way(), () =>
        {
            if (parts.Outage.IsOn || parts.Faults.Strikes(FaultKind.FailRead))
            {
                parts.Loop.After(
                    parts.Way(), () => answer.SetException(new LedgerUnavailableException("The simulated database did not answer.")));
                return;
            }

            T found = question();
            parts.Loop.After(parts.Way(), () => answer.SetResult(found));
        });
        return answer.Task;
    }
}
