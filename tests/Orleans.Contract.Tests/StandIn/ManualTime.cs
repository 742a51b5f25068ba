namespace Settlement.Contract.StandIn;

/// <summary>A clock that moves when the test says so, and runs the timers that fall due.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    /// <summary>Moves on by steps of a second, so that timers with a period fire as often as they would.</summary>
    public void Advance(TimeSpan time)
    {
        for (var end = _now + time.Ticks; _now < end;)
        {
            Volatile.Write(ref _now, Math.Min(end, _now + TimeSpan.TicksPerSecond));
            List<Timer> timers;
            lock (_gate) timers = [.. _timers];
            foreach (var timer in timers) timer.FireIfDue(_now);
        }
    }

    private sealed class Timer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Volatile.Write(ref _due, dueTime < TimeSpan.Zero ? long.MaxValue : owner.GetTimestamp() + dueTime.Ticks);
            return true;
        }

        public void FireIfDue(long now)
        {
            if (Volatile.Read(ref _due) > now) return;
            Volatile.Write(ref _due, _period > TimeSpan.Zero ? now + _period.Ticks : long.MaxValue);
            callback(state);
        }

        public void Dispose()
        {
            Volatile.Write(ref _due, long.MaxValue);
            lock (owner._gate) owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
