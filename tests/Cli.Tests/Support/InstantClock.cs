namespace Settlement.Cli.Tests.Support;

/// <summary>A clock on which every wait is over at once: whoever sets a timer finds its time gone by.</summary>
internal sealed class InstantClock : TimeProvider
{
    private long ticks;

    /// <summary>The longest wait so far.</summary>
    public TimeSpan Longest { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    /// <summary>Sets it forward.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > Longest) Longest = dueTime;
        if (dueTime > TimeSpan.Zero) Advance(dueTime);

        // The system's clock, so that the callback runs as a timer's does: not inside this call.
        return System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
