namespace Settlement.Simulate;

/// <summary>Whether the database is away, for all silos at once.</summary>
internal sealed class Outage(EventLoop loop, FaultInjector faults, Journal journal)
{
    private long until;

    /// <summary>Whether it answers nobody now.</summary>
    public bool IsOn
    {
        get
        {
            if (loop.Now >= until && faults.Strikes(FaultKind.Outage))
            {
                until = loop.Now + faults.Details(FaultKind.Outage).Between(10 * Ticks.Millisecond, 8 * Ticks.Second);
                journal.Write("the database goes away");
            }

            return loop.Now < until;
        }
    }

    /// <summary>Ends it.</summary>
    public void End() => until = 0;
}
