namespace Settlement.Silo.Nodes;

/// <summary>Tells the other nodes of this one every few seconds while the silo runs, and takes it away at the end.</summary>
internal sealed class NodeReporting(NodeBoard board, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    // Five may fail before the others take this one for lost.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken); // no report comes behind the removal
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Interval);
        await board.LeaveAsync(patience.Token);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Until(lifetime.ApplicationStarted, stoppingToken); // the addresses are known then
        while (!stoppingToken.IsCancellationRequested)
        {
            await board.ReportAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private static async Task Until(CancellationToken signal, CancellationToken cancellation)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = signal.Register(reached.SetResult);
        await reached.Task.WaitAsync(cancellation);
    }
}
