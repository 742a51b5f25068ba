using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Peers.Deciding;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Peers.Grains;

/// <summary>A person as most would write the grain: one call at a time, state in the grain, written by the storage on each call.</summary>
[Alias("settlement.peer.person")]
public interface IPeerPersonGrain : IGrainWithStringKey
{
    /// <summary>Makes the person known.</summary>
    [Alias("register")]
    Task<Reply<RecordResponse>> Register(Immutable<RegisterRequest> request);

    /// <summary>Settles one claim.</summary>
    [Alias("settle")]
    Task<Reply<SettleAnswer>> Settle(Immutable<SettleRequest> request);
}

/// <inheritdoc cref="IPeerPersonGrain"/>
internal sealed class PeerPersonGrain(Decisions decisions, IGrainState storage) : Grain, IPeerPersonGrain
{
    private PersonHead head = PersonHead.Unknown;
    private int? version;

    /// <inheritdoc/>
    public Task<Reply<RecordResponse>> Register(Immutable<RegisterRequest> request) => Keep(decisions.Register(request.Value));

    /// <inheritdoc/>
    public Task<Reply<SettleAnswer>> Settle(Immutable<SettleRequest> request) => Keep(decisions.Settle(request.Value, head));

    private async Task<Reply<TAnswer>> Keep<TAnswer>(Decided<TAnswer> decided)
        where TAnswer : class
    {
        if (decided.Entry is null) return decided.Reply;
        version = await storage.WriteAsync(this.GetPrimaryKeyString(), version, decided.Entry);
        head = decided.After;
        return decided.Reply;
    }
}
