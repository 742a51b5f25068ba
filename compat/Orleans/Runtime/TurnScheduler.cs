namespace Orleans.Runtime;

/// <summary>
/// Runs the turns of one activation, one at a time. A thread must hold the claim to run turns; whoever finds the claim free takes it,
/// either to run a request where it stands or to hand the work to the thread pool. Code after an <c>await</c> comes back here because
/// turns are tasks of this scheduler.
/// </summary>
internal abstract class TurnScheduler : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>Items run before the pool thread is given back, so that one busy activation does not keep others waiting.</summary>
    private const int ItemsPerSlice = 64;

    private static readonly Action<object?> s_invoke = static state => ((Request)state!).Invoke();

    [ThreadStatic]
    private static TurnScheduler? s_current;

    private Queue<Task>? _turns;
    private Task? _starting;
    private bool _claimed;
    private bool _requestIsNext;

    /// <summary>The scheduler whose turn runs on this thread, if any.</summary>
    protected static TurnScheduler? CurrentOnThread => s_current;

    /// <summary>Guards all state of the activation. Held for a few instructions only, never while foreign code runs.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Runs work on the pool; the claim is already held.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        s_current = this;
        var more = true;
        for (var i = 0; more && i < ItemsPerSlice; i++) more = RunNext();
        s_current = null;
        if (more) HandOver();
    }

    /// <summary>Takes the claim if it is free and nothing waits before the caller. Needs the gate.</summary>
    protected bool TryClaim()
    {
        if (_claimed || _turns is { Count: > 0 }) return false;
        return _claimed = true;
    }

    /// <summary>Runs a request in a turn on this thread, under the claim the caller took, then lets the claim go.</summary>
    protected void RunClaimed(Request request)
    {
        var caller = CallerContext.Leave();
        s_current = this;
        RunTurn(new Task(s_invoke, request));
        var done = request.IsDone;
        if (!done)
        {
            request.ExpectAnswer();
            request.EndWhenDone();
        }

        s_current = null;
        caller.Return();
        bool more;
        lock (Gate)
        {
            if (done) EndLocked(request);
            more = _turns is { Count: > 0 } || HasStartable();
            _claimed = more;
        }

        if (more) HandOver();
    }

    /// <summary>Gets the pool to run what waits, unless someone holds the claim. Needs the gate.</summary>
    protected void WakeLocked()
    {
        if (_claimed) return;
        _claimed = true;
        HandOver();
    }

    /// <summary>Starts code of the runtime as a turn, without the caller's async locals.</summary>
    protected void StartTurn(Action<object?> action)
    {
        var restore = !ExecutionContext.IsFlowSuppressed();
        if (restore) ExecutionContext.SuppressFlow();
        try
        {
            new Task(action, this).Start(this);
        }
        finally
        {
            if (restore) ExecutionContext.RestoreFlow();
        }
    }

    /// <summary>Whether a waiting request may start. Needs the gate.</summary>
    protected abstract bool HasStartable();

    /// <summary>Takes the next request that may start. Needs the gate.</summary>
    protected abstract Request? TakeStartable();

    /// <summary>Accounts for the end of a request. Needs the gate.</summary>
    protected abstract void EndLocked(Request request);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (ReferenceEquals(task, _starting)) return;
        lock (Gate)
        {
            (_turns ??= new(2)).Enqueue(task);
            WakeLocked();
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && s_current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (Gate) return _turns is null ? [] : [.. _turns];
    }

    /// <summary>Turns and requests take turns, so that neither keeps the other waiting for ever. False when the claim was let go.</summary>
    private bool RunNext()
    {
        Task? turn = null;
        Request? request = null;
        lock (Gate)
        {
            if (_requestIsNext) request = TakeStartable();
            if (request is null && _turns is { Count: > 0 }) turn = _turns.Dequeue();
            if (request is null && turn is null) request = TakeStartable();
            if (request is null && turn is null)
            {
                _requestIsNext = false;
                return _claimed = false;
            }

            _requestIsNext = turn is not null;
        }

        if (turn is not null) TryExecuteTask(turn);
        else RunRequest(request!);
        return true;
    }

    private void RunRequest(Request request)
    {
        RunTurn(new Task(s_invoke, request));
        if (!request.IsDone)
        {
            request.EndWhenDone();
            return;
        }

        lock (Gate) EndLocked(request);
        request.Answer();
    }

    /// <summary>Runs a new task now, as a turn. Needs the claim.</summary>
    private void RunTurn(Task turn)
    {
        _starting = turn;
        turn.Start(this);
        _starting = null;
        TryExecuteTask(turn);
    }

    private void HandOver() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
