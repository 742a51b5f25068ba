using Orleans;

namespace Settlement.Peers.Grains;

/// <summary>The least a grain can do.</summary>
[Alias("settlement.peer.counter")]
public interface ICounterGrain : IGrainWithStringKey
{
    /// <summary>Counts the call in memory and gives the count.</summary>
    [Alias("count")]
    Task<long> Count();
}

/// <inheritdoc cref="ICounterGrain"/>
public sealed class CounterGrain : Grain, ICounterGrain
{
    private long count;

    /// <inheritdoc/>
    public Task<long> Count() => Task.FromResult(++count);
}
