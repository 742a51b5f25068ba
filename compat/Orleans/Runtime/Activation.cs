using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Runtime;

/// <summary>Where a request went.</summary>
internal enum Delivery
{
    /// <summary>It waits; the answer will come.</summary>
    Queued,

    /// <summary>It ran on the caller's thread; it may have ended.</summary>
    RanHere,

    /// <summary>The activation has ended; another must take the request.</summary>
    Gone,
}

/// <summary>
/// One grain in memory: its instance, its queue and its life, Created → Activating → Valid → Deactivating → Gone.
/// Requests start only while it is Valid; those that wait when it ends go to its successor.
/// </summary>
internal sealed partial class Activation : TurnScheduler, IGrainContext
{
    private readonly ActivationDirectory _directory;
    private RequestQueues _requests;
    private State _state;
    private DeactivationReason _reason;
    private CancellationToken _deactivationToken;
    private CancellationTokenSource? _activating;
    private TaskCompletionSource? _deactivated;
    private AsyncServiceScope? _scope;
    private HashSet<GrainTimer>? _timers;
    private long _lastUse;
    private long _keepUntil;

    public Activation(ActivationDirectory directory, string key)
    {
        _directory = directory;
        Key = key;
    }

    private enum State : byte
    {
        Created,
        Activating,
        Valid,
        Deactivating,
        Gone,
    }

    /// <summary>The activation whose turn runs on this thread, if any.</summary>
    public static Activation? OnThread => (Activation?)CurrentOnThread;

    public string Key { get; }

    public Silo Silo => _directory.Silo;

    public GrainId GrainId => _directory.IdOf(Key);

    public GrainReference GrainReference => new(_directory, Key);

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Silo.Services;

    public Task Deactivated
    {
        get
        {
            lock (Gate)
            {
                if (_state == State.Gone) return Task.CompletedTask;
                return (_deactivated ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => GrainId.ToString();

    /// <summary>Takes a request from a caller, and runs it at once when nothing is in its way and the caller is no grain.</summary>
    public Delivery Receive(Request request, bool mayRunHere)
    {
        var begin = false;
        lock (Gate)
        {
            if (_state == State.Gone || (request.IsLocal && _state == State.Deactivating)) return Delivery.Gone;
            request.Owner = this;
            var kind = request.Shape.Kind;
            if (mayRunHere && _state == State.Valid && !_requests.HasWaiting && _requests.MayStart(kind) && TryClaim())
            {
                _requests.Started(kind);
            }
            else
            {
                mayRunHere = false;
                request.ExpectAnswer();
                _requests.Add(request);
                begin = TryBeginLocked();
                if (HasStartable()) WakeLocked();
            }
        }

        if (mayRunHere)
        {
            RunClaimed(request);
            return Delivery.RanHere;
        }

        if (begin) Begin();
        return Delivery.Queued;
    }

    /// <summary>Accounts for the end of a request; runs in a turn.</summary>
    public void End(Request request)
    {
        lock (Gate) EndLocked(request);
    }

    /// <summary>Puts idle collection off.</summary>
    public void DelayDeactivation(TimeSpan delay)
    {
        lock (Gate)
        {
            if (delay == TimeSpan.MaxValue || delay == Timeout.InfiniteTimeSpan) _keepUntil = long.MaxValue;
            else _keepUntil = delay <= TimeSpan.Zero ? 0 : Silo.Heartbeat.Now + delay.Ticks;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        lock (Gate) DeactivateLocked(deactivationReason, cancellationToken);
    }

    /// <summary>Ends the activation if it has been idle for longer than its class allows.</summary>
    public void CollectIfIdle(long now)
    {
        lock (Gate)
        {
            if (!IsIdleLocked() || _keepUntil > now || now - _lastUse < _directory.IdleTicks) return;
            DeactivateLocked(new(DeactivationReasonCode.ActivationIdle, "The activation was idle."), CancellationToken.None);
        }
    }

    /// <summary>When idle collection would take the activation, in 100 ns of the silo's clock; null while it is in use.</summary>
    public long? DueTime()
    {
        lock (Gate) return IsIdleLocked() ? Math.Max(_lastUse + _directory.IdleTicks, _keepUntil) : null;
    }

    /// <summary>Ends the activation before its age, unless it is in use again.</summary>
    public bool Shed(DeactivationReason reason)
    {
        lock (Gate)
        {
            if (!IsIdleLocked()) return false;
            DeactivateLocked(reason, CancellationToken.None);
            return true;
        }
    }

    public IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        GrainTimer timer;
        lock (Gate)
        {
            if (_state is State.Deactivating or State.Gone)
                throw new InvalidOperationException($"Grain {GrainId} is being deactivated: it starts no more timers.");
            timer = new GrainTimer(this, callback, options);
            (_timers ??= []).Add(timer);
        }

        timer.Change(options.DueTime, options.Period);
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (Gate) _timers?.Remove(timer);
    }

    protected override bool HasStartable() => _state == State.Valid && _requests.NextKind() is not null;

    protected override Request? TakeStartable() => _state == State.Valid ? _requests.Take() : null;

    protected override void EndLocked(Request request)
    {
        _requests.Ended(request.Shape.Kind);
        if (request.KeepsActive) _lastUse = Silo.Heartbeat.Now;
        if (_state == State.Deactivating && _requests.IsQuiet) StartDeactivation();
    }

    private bool IsIdleLocked() => _state == State.Valid && _requests.IsQuiet && !_requests.HasWaiting;

    private bool TryBeginLocked()
    {
        if (_state != State.Created) return false;
        _state = State.Activating;
        return true;
    }

    private void DeactivateLocked(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_state is State.Deactivating or State.Gone) return;
        var wasValid = _state == State.Valid;
        _reason = reason;
        _deactivationToken = cancellationToken;
        if (_state == State.Created)
        {
            // Nothing waits and no instance is made yet.
            _directory.Replace(this, []);
            _state = State.Gone;
            _deactivated?.TrySetResult();
            return;
        }

        _state = State.Deactivating;
        if (!wasValid) _activating?.CancelAsync();
        else if (_requests.IsQuiet) StartDeactivation();
    }

    private void StartDeactivation() => StartTurn(static state => _ = ((Activation)state!).DeactivateAsync(callGrain: true));
}
