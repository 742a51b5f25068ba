using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Peers.Grains;

/// <summary>The grain peers: in memory (<c>grain-rules</c>), or with its state written on each call (<c>grain-state</c>).</summary>
internal sealed class GrainPeer(IGrainFactory grains, IGrainState storage) : IPeer
{
    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellation) => storage.PrepareAsync(cancellation);

    /// <inheritdoc/>
    public Task<Reply<RecordResponse>> Register(RegisterRequest request) =>
        grains.GetGrain<IPeerPersonGrain>(request.Person).Register(new Immutable<RegisterRequest>(request));

    /// <inheritdoc/>
    public Task<Reply<SettleAnswer>> Settle(SettleRequest request) =>
        grains.GetGrain<IPeerPersonGrain>(request.Person).Settle(new Immutable<SettleRequest>(request));
}
