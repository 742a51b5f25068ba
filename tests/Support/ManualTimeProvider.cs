namespace Settlement.Tests.Support;

/// <summary>
/// A clock that moves only when a test says so. Timers that fall due run inside <see cref="Advance"/>, in order of their due time, on the
/// test's thread.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now;

    /// <summary>Starts the clock at a moment.</summary>
    public ManualTimeProvider(DateTimeOffset start) => now = start;

    /// <summary>Starts the clock at noon of 15 June 2026 in UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait: lets a test see that somebody has begun to wait.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (gate) return timers.Count;
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock forward and runs what falls due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset target = GetUtcNow() + by;
        while (TakeNextDue(target) is { } due) due.Fire();
        lock (gate) now = target;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeNextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            ManualTimer? next = timers.Where(timer => timer.Due <= target).MinBy(static timer => timer.Due);
            if (next is null) return null;
            now = next.Due;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool atOnce = false;
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock.now + dueTime;
                if (dueTime <= TimeSpan.Zero && period <= TimeSpan.Zero) atOnce = true;
                else clock.timers.Add(this);
            }
            if (atOnce) Fire();
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
