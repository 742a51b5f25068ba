namespace Orleans.Runtime;

/// <summary>One coarse clock and one timer for all that need no exact time: deadlines of calls and idle activations.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Action<long> _beat;
    private ITimer? _timer;
    private long _now;
    private int _beating;

    public Heartbeat(TimeProvider time, TimeSpan period, Action<long> beat)
    {
        _time = time;
        _start = time.GetTimestamp();
        _beat = beat;
        Period = period;
    }

    /// <summary>Time between beats.</summary>
    public TimeSpan Period { get; }

    /// <summary>Time since the start at the last beat, in 100 ns; at most a period behind.</summary>
    public long Now => Volatile.Read(ref _now);

    public void Start() => _timer = _time.CreateTimer(static state => ((Heartbeat)state!).Beat(), this, Period, Period);

    public void Dispose() => _timer?.Dispose();

    private void Beat()
    {
        Volatile.Write(ref _now, _time.GetElapsedTime(_start).Ticks);
        if (Interlocked.Exchange(ref _beating, 1) != 0) return;
        try
        {
            _beat(Now);
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }
}
