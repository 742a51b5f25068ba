namespace Orleans.Runtime;

/// <summary>
/// A timer whose ticks are requests of its own activation. The next tick is set when the last has ended: ticks never pile up.
/// </summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly RequestShape _shape;
    private readonly bool _keepAlive;
    private readonly CancellationTokenSource _ended = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;
    private bool _disposed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _keepAlive = options.KeepAlive;
        _shape = new(nameof(IGrainTimer), "Tick", options.Interleave ? RequestKind.Interleaving : RequestKind.Ordinary);
        _timer = activation.Silo.Time.CreateTimer(
            static state => ((GrainTimer)state!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        ThrowUnlessInterval(dueTime, nameof(dueTime));
        ThrowUnlessInterval(period, nameof(period));
        lock (_gate)
        {
            if (_disposed) return;
            _due = dueTime;
            _period = period;
            _changed = true;
            if (!_ticking) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _timer.Dispose();
        _ended.Cancel();
        _activation.Forget(this);
    }

    private static void ThrowUnlessInterval(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(name, value, "An interval is zero, positive or infinite.");
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_disposed || _ticking) return;
            _ticking = true;
            _changed = false;
        }

        _activation.Receive(new Tick(this), mayRunHere: false);
    }

    private void OnTicked(Task outcome)
    {
        if (outcome.Exception is { } failure) _activation.Silo.Log.TimerFailed(failure.InnerException ?? failure, _activation.GrainId);
        lock (_gate)
        {
            _ticking = false;
            if (!_disposed) _timer.Change(_changed ? _due : _period, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Tick(GrainTimer timer) : Request
    {
        public override RequestShape Shape => timer._shape;

        public override bool KeepsActive => timer._keepAlive;

        public override bool IsLocal => true;

        public override bool IsSettled => IsDone;

        public override bool IsAnswered => timer._disposed;

        public override Task Call(object grain) => timer._callback(timer._ended.Token);

        public override void ExpectAnswer()
        {
        }

        public override void Fail(Exception exception)
        {
        }

        public override void Cancel(CancellationToken token)
        {
        }

        protected override Task Failed(Exception exception) => Task.FromException(exception);

        protected override void PassOn() => timer.OnTicked(Outcome!);
    }
}
