using System.Threading.Tasks.Sources;

namespace Settlement.Ledger.Writing;

/// <summary>
/// One loop waits, anybody wakes it. A wake that comes while nobody waits is kept; several are one. Waiting allocates nothing.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Woken = 2;

    private ManualResetValueTaskSourceCore<bool> source;
    private int state;

    /// <summary>Wakes the loop, now or when it next waits. The loop does not run on the caller's thread.</summary>
    public void Set() => Set(elsewhere: true);

    /// <summary>The same for a caller who has nothing else to do: a loop on the thread pool goes on in his thread, at once.</summary>
    public void SetHere() => Set(elsewhere: false);

    /// <summary>Waits for the next wake. One waiter at a time, and each wait is awaited once.</summary>
    public ValueTask WaitAsync()
    {
        source.Reset();
        if (Interlocked.CompareExchange(ref state, Waiting, Idle) == Idle) return new ValueTask(this, source.Version);
        Volatile.Write(ref state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void GetResult(short token) => source.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private void Set(bool elsewhere)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref state);
            if (seen == Woken) return;
        }
        while (Interlocked.CompareExchange(ref state, seen == Waiting ? Idle : Woken, seen) != seen);
        if (seen != Waiting) return;
        source.RunContinuationsAsynchronously = elsewhere;
        source.SetResult(true);
    }
}
