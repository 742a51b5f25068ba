using System.Diagnostics;

namespace Orleans.Runtime;

/// <summary>Which other requests of the same activation a request may overlap between turns.</summary>
internal enum RequestKind : byte
{
    /// <summary>None.</summary>
    Ordinary,

    /// <summary>Others of this kind.</summary>
    ReadOnly,

    /// <summary>Any.</summary>
    Interleaving,
}

/// <summary>What is the same for all requests of one method.</summary>
internal sealed record RequestShape(string Interface, string Method, RequestKind Kind);

/// <summary>
/// One call of one grain. It carries the arguments (in the class generated for the method), starts the call in a turn of the activation,
/// and hands the outcome to the caller. While it waits it is a link of the activation's queue.
/// </summary>
internal abstract class Request
{
    /// <summary>The task the grain's method returned; set by <see cref="Invoke"/>.</summary>
    protected Task? Outcome { get; set; }

    /// <summary>The method.</summary>
    public abstract RequestShape Shape { get; }

    /// <summary>The token among the arguments, if there is one.</summary>
    public virtual CancellationToken Token => CancellationToken.None;

    /// <summary>Whether the request counts as use of the activation.</summary>
    public virtual bool KeepsActive => true;

    /// <summary>Whether the request belongs to one activation and must not move to the next.</summary>
    public virtual bool IsLocal => false;

    /// <summary>The activation that runs the request.</summary>
    public Activation? Owner { get; set; }

    /// <summary>Next in the queue.</summary>
    public Request? Next { get; set; }

    /// <summary>Place in the order of arrival at the activation.</summary>
    public long Order { get; set; }

    /// <summary>How often the request moved to a newer activation.</summary>
    public int Forwards { get; set; }

    /// <summary>The entry in the table of waiting callers, if there is one.</summary>
    public PendingCall? Pending { get; set; }

    /// <summary>What the caller was tracing, if that goes along.</summary>
    public Activity? Activity { get; set; }

    /// <summary>Whether the method has ended.</summary>
    public bool IsDone => Outcome is { IsCompleted: true };

    /// <summary>Whether the caller need not wait: the answer is there, or the outcome itself is the answer.</summary>
    public abstract bool IsSettled { get; }

    /// <summary>Whether the caller has its answer already; a waiting request is then dropped.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Calls the grain's method. Generated for each method.</summary>
    public abstract Task Call(object grain);

    /// <summary>Prepares an answer that is given later.</summary>
    public abstract void ExpectAnswer();

    /// <summary>Gives the caller a failure, unless it has an answer.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Tells the caller that its token was cancelled, unless it has an answer.</summary>
    public abstract void Cancel(CancellationToken token);

    /// <summary>Starts the method; to be run in a turn. Never throws: the failure of the method is its outcome.</summary>
    public void Invoke()
    {
        // A turn runs in an execution context of its own: what is set here ends with it.
        if (Activity is not null) Activity.Current = Activity;
        try
        {
            Outcome = Call(Owner!.GrainInstance!)
                ?? throw new OrleansException($"{Shape.Interface}.{Shape.Method} returned null instead of a task.");
        }
        catch (Exception exception)
        {
            Outcome = Failed(exception);
        }
    }

    /// <summary>
    /// Gives the outcome to the caller, unless it has an answer. Once the caller's token is cancelled the call is cancelled for the caller,
    /// even if the grain heard of it first and ended well.
    /// </summary>
    public void Answer()
    {
        if (Token.IsCancellationRequested) Cancel(Token);
        else PassOn();
        Pending?.Settle();
    }

    /// <summary>Gives the caller a failure instead of an outcome.</summary>
    public void Reject(Exception exception)
    {
        Fail(exception);
        Pending?.Settle();
    }

    /// <summary>Arranges for the request to end on its activation when the method ends.</summary>
    public void EndWhenDone() => Outcome!.ContinueWith(
        static (method, state) =>
        {
            var request = (Request)state!;
            request.Owner!.End(request);
            _ = method.Exception; // The caller may have gone; then nobody else looks at a failure.
            request.Answer();
        },
        this,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        Owner!);

    /// <inheritdoc/>
    public override string ToString() => $"{Shape.Interface}.{Shape.Method}";

    /// <summary>A failed outcome of the method's type.</summary>
    protected abstract Task Failed(Exception exception);

    /// <summary>Copies the outcome into the expected answer.</summary>
    protected abstract void PassOn();
}

/// <summary>A call without a result.</summary>
internal abstract class PlainRequest : Request
{
    private TaskCompletionSource? _answer;

    public override bool IsSettled => (_answer?.Task ?? Outcome) is { IsCompleted: true };

    public override bool IsAnswered => _answer is { Task.IsCompleted: true };

    /// <summary>The caller's task: the expected answer, or else the outcome itself.</summary>
    public Task Result => _answer?.Task ?? Outcome!;

    public override void ExpectAnswer() => _answer ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Fail(Exception exception) => _answer!.TrySetException(exception);

    public override void Cancel(CancellationToken token) => _answer!.TrySetCanceled(token);

    protected override Task Failed(Exception exception) => Task.FromException(exception);

    protected override void PassOn() => _answer?.TrySetFromTask(Outcome!);
}

/// <summary>A call with a result.</summary>
internal abstract class ValueRequest<TResult> : Request
{
    private TaskCompletionSource<TResult>? _answer;

    public override bool IsSettled => (_answer?.Task ?? Outcome) is { IsCompleted: true };

    public override bool IsAnswered => _answer is { Task.IsCompleted: true };

    /// <summary>The caller's task: the expected answer, or else the outcome itself.</summary>
    public Task<TResult> Result => _answer?.Task ?? (Task<TResult>)Outcome!;

    public override void ExpectAnswer() => _answer ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Fail(Exception exception) => _answer!.TrySetException(exception);

    public override void Cancel(CancellationToken token) => _answer!.TrySetCanceled(token);

    protected override Task Failed(Exception exception) => Task.FromException<TResult>(exception);

    protected override void PassOn() => _answer?.TrySetFromTask((Task<TResult>)Outcome!);
}
