using Microsoft.Extensions.Logging;

namespace Settlement.Compat.Grpc.Server;

/// <summary>
/// Ends a call when its time is up, even while the handler still runs. Exactly one side ends the call: whoever first takes it from
/// <see cref="Phase.Open"/>.
/// </summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    /// <summary>The longest a timer can wait; a later deadline is told to the handler but not enforced.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly HttpServerCall call;
    private readonly TimeSpan timeout;
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration aborted;
    private readonly Timer? timer;
    private Phase phase;
    private Task passing = Task.CompletedTask;

    internal CallDeadline(HttpServerCall call, TimeSpan timeout)
    {
        this.call = call;
        this.timeout = timeout;
        DateTime now = DateTime.UtcNow;
        Deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        aborted = call.Http.RequestAborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        if (timeout <= LongestTimer)
            timer = new Timer(static state => ((CallDeadline)state!).Pass(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    private enum Phase
    {
        Open,
        Ended,
        Passed,
    }

    /// <summary>In UTC.</summary>
    internal DateTime Deadline { get; }

    /// <summary>Fires at the deadline and when the client goes.</summary>
    internal CancellationToken Token => source.Token;

    /// <summary>Held while the response is written to.</summary>
    internal Lock WriteLock { get; } = new();

    /// <summary>Whether the deadline has ended the call; asked under <see cref="WriteLock" />.</summary>
    internal bool HasPassed => phase == Phase.Passed;

    /// <summary>The handler has ended: true if it was in time and may set the status.</summary>
    internal bool TryEnd()
    {
        lock (WriteLock)
        {
            if (phase == Phase.Passed)
                return false;
            phase = Phase.Ended;
            return true;
        }
    }

    /// <summary>Waits until nothing here touches the request any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (timer is not null)
            await timer.DisposeAsync();
        await aborted.DisposeAsync();
        await passing;
        source.Dispose();
    }

    private void Pass()
    {
        lock (WriteLock)
        {
            if (phase != Phase.Open)
                return;
            phase = Phase.Passed;
            passing = Task.Run(EndCallAsync);
        }
    }

    private async Task EndCallAsync()
    {
        ServerLog.DeadlineExceeded(call.Log, timeout);
        try
        {
            await source.CancelAsync();
            await call.EndByDeadlineAsync();
        }
        catch (Exception error)
        {
            ServerLog.DeadlineFailed(call.Log, error);
        }
    }
}
