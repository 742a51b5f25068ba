using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Persons;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="SettlementOperations"/>.</summary>
public sealed class SettlementService(SettlementOperations operations, Edge edge) : SettlementBinding.Base
{
    private static readonly WriteOptions Held = new(WriteFlags.BufferHint);

    /// <inheritdoc/>
    public override Task<QuoteResponse> Quote(QuoteRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Quote);

    /// <inheritdoc/>
    public override Task<SettleAnswer> Settle(SettleRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Settle);

    /// <inheritdoc/>
    public override async Task SettleMany(
        IAsyncStreamReader<SettleRequest> requestStream, IServerStreamWriter<BulkAnswer> responseStream, ServerCallContext context)
    {
        CancellationToken gone = context.CancellationToken;
        try
        {
            await operations.SettleMany(requestStream.Requests(gone), Answer, edge.Identify(context.GetHttpContext()), gone);
        }
        catch (Exception error)
        {
            throw edge.ToStatus(error, nameof(SettleMany)).ToRpcException();
        }

        Task Answer(BulkAnswer response, bool more)
        {
            responseStream.WriteOptions = more ? Held : null;
            return responseStream.WriteAsync(response);
        }
    }

    /// <inheritdoc/>
    public override Task<ReverseResponse> Reverse(ReverseRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Reverse);

    /// <inheritdoc/>
    public override Task<VoidResponse> Void(VoidRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Void);

    /// <inheritdoc/>
    public override Task<SettlementView> GetSettlement(GetSettlementRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetSettlement);

    /// <inheritdoc/>
    public override Task<GetByRequestResponse> GetByRequest(GetByRequestRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetByRequest);

    /// <inheritdoc/>
    public override Task<ListSettlementsResponse> ListSettlements(ListSettlementsRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.ListSettlements);

    /// <inheritdoc/>
    public override Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetAccount);

    /// <inheritdoc/>
    public override Task<GetLimitsResponse> GetLimits(GetLimitsRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetLimits);

    /// <inheritdoc/>
    public override Task<CheckDepositResponse> CheckDeposit(CheckDepositRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.CheckDeposit);

    /// <inheritdoc/>
    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context) =>
        edge.Run(request, context, SettlementOperations.Ping);
}
