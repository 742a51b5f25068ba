namespace Settlement.Simulate;

/// <summary>
/// The clocks of one process. The steady one is the loop's; the clock on the wall stands off it and may jump. Timers follow the steady
/// one; they are late when the process stands still and never come when it is dead.
/// </summary>
internal sealed class SimulatedTime(SimulatedProcess process, DateTimeOffset start) : TimeProvider
{
    /// <summary>How far the clock on the wall is off.</summary>
    public TimeSpan Skew { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => process.Loop.Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        process.Loop.AssertHere("A look at the clock");
        return start + TimeSpan.FromTicks(process.Loop.Now) + Skew;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SimulatedTimer timer = new(process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimulatedTimer(SimulatedProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int generation;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
                throw new NotSupportedException("The simulation knows no periodic timers.");
            int mine = ++generation;
            if (dueTime != Timeout.InfiniteTimeSpan) process.Loop.After(dueTime.Ticks, () => Fire(mine));
            return true;
        }

        public void Dispose() => generation++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int mine)
        {
            if (mine != generation || process.IsDead) return;
            if (process.PausedUntil > process.Loop.Now) process.Loop.After(process.PausedUntil - process.Loop.Now, () => Fire(mine));
            else callback(state);
        }
    }
}
