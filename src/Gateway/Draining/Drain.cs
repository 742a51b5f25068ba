using Microsoft.Extensions.Hosting;

namespace Settlement.Gateway.Draining;

/// <summary>
/// Leaving in good order. Asked to stop, the process first says that it is not ready and goes on serving for
/// <see cref="GatewayOptions.DrainDelay"/>, so that balancers turn away; then open uploads end, and then it takes nothing more, finishes what
/// it has, and ends.
/// <para>
/// Uploads end before the listeners stop, not with them. A listener that stops closes a connection as soon as every answer on it has been
/// written, though the client of an upload is still sending; many clients then lose the status that they have received but not yet
/// looked at, and see a broken connection.
/// </para>
/// </summary>
public sealed class Drain(GatewayOptions options, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    // How long the listeners wait for open uploads: more than it takes to answer what was accepted of one, unless the ledger hangs.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource accepting = new();
    private readonly TaskCompletionSource uploadsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool draining;
    private int uploads;

    /// <summary>Whether the process has been asked to stop.</summary>
    public bool IsDraining => draining;

    /// <summary>Cancelled when no further request of an open stream is taken.</summary>
    public CancellationToken StopAccepting => accepting.Token;

    /// <summary>The client of a stream begins to send; <see cref="UploadEnded"/> must follow.</summary>
    public void UploadBegins() => Interlocked.Increment(ref uploads);

    /// <summary>The stream was answered, and the client has ceased to send or has had time to.</summary>
    public void UploadEnded()
    {
        if (Interlocked.Decrement(ref uploads) == 0 && StopAccepting.IsCancellationRequested) uploadsEnded.TrySetResult();
    }

    /// <summary>Runs before any part of the host is stopped, the listeners included.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        draining = true;
        try
        {
            await Task.Delay(options.DrainDelay, time, cancellationToken);
        }
        finally
        {
            await accepting.CancelAsync();
        }

        if (Volatile.Read(ref uploads) > 0) await Task.WhenAny(uploadsEnded.Task, Task.Delay(Farewell, time, cancellationToken));
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => accepting.Dispose();
}
