using Microsoft.Extensions.Hosting;

namespace Settlement.Gateway.Draining;

/// <summary>
/// Leaving in good order. Asked to stop, the process first says that it is not ready and goes on serving for
/// <see cref="GatewayOptions.DrainDelay"/>, so that balancers turn away; then it takes nothing more, finishes what it has, and ends.
/// </summary>
public sealed class Drain(GatewayOptions options, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource accepting = new();
    private volatile bool draining;

    /// <summary>Whether the process has been asked to stop.</summary>
    public bool IsDraining => draining;

    /// <summary>Cancelled when no further request of an open stream is taken.</summary>
    public CancellationToken StopAccepting => accepting.Token;

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
