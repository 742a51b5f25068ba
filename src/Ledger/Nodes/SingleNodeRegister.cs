namespace Settlement.Ledger.Nodes;

/// <summary>The register of a process that has its ledger to itself.</summary>
internal sealed class SingleNodeRegister(TimeProvider time) : INodeRegister
{
    private volatile Heard? last;

    public Task<bool> ReportAsync(NodeEntry entry, CancellationToken cancellation = default)
    {
        last = new Heard(entry, time.GetTimestamp());
        return Task.FromResult(false);
    }

    public Task<IReadOnlyList<HeardNode>> ReadAsync(CancellationToken cancellation = default) => Task.FromResult<IReadOnlyList<HeardNode>>(
        last is { } heard ? [new HeardNode(heard.Entry, time.GetElapsedTime(heard.At))] : []);

    public Task RemoveAsync(NodeEntry entry, CancellationToken cancellation = default)
    {
        last = null;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed record Heard(NodeEntry Entry, long At);
}
