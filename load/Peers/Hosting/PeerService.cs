using Grpc.Core;
using Orleans;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Services;
using Settlement.Peers.Grains;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Peers.Hosting;

/// <summary>
/// The front of the peers that settle: the product's edge, which identifies the caller. It does not check the shape of requests: that is
/// saved work, too.
/// </summary>
internal sealed class PeerSettlementService(IPeer peer, Edge edge) : SettlementBinding.Base
{
    /// <inheritdoc/>
    public override Task<SettleAnswer> Settle(SettleRequest request, ServerCallContext context) => edge.Run(request, context, Settle);

    private async Task<SettleAnswer> Settle(SettleRequest request, Caller caller) => Answer.Of(await peer.Settle(request));
}

/// <summary>Registers persons with a peer that settles.</summary>
internal sealed class PeerEnrolmentService(IPeer peer, Edge edge) : Enrolment.EnrolmentBase
{
    /// <inheritdoc/>
    public override Task<RecordResponse> Register(RegisterRequest request, ServerCallContext context) =>
        edge.Run(request, context, Register);

    private async Task<RecordResponse> Register(RegisterRequest request, Caller caller) => Answer.Of(await peer.Register(request));
}

/// <summary>The least grain call there is: the request names a person, the person's grain counts it, the answer is the count.</summary>
internal sealed class CounterService(IGrainFactory grains, Edge edge) : Contract.Settlement.SettlementBase
{
    /// <inheritdoc/>
    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        edge.Run(request, context, Count);

    private async Task<GetAccountResponse> Count(GetAccountRequest request, Caller caller) =>
        new() { Person = request.Person, Sequence = await grains.GetGrain<ICounterGrain>(request.Person).Count() };
}

/// <summary>The answer of a reply.</summary>
internal static class Answer
{
    /// <exception cref="RefusalException">The reply is a refusal.</exception>
    public static T Of<T>(Reply<T> reply)
        where T : class =>
        reply.Value ?? throw new RefusalException(reply.Refusal!);
}
