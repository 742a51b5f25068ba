using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="ReconciliationOperations"/>.</summary>
public sealed class ReconciliationService(ReconciliationOperations operations, Edge edge) : Reconciliation.ReconciliationBase
{
    /// <inheritdoc/>
    public override Task<GetTotalsResponse> GetTotals(GetTotalsRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetTotals);

    /// <inheritdoc/>
    public override Task<CompareTotalsResponse> CompareTotals(CompareTotalsRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.CompareTotals);

    /// <inheritdoc/>
    public override Task ListDetails(
        ListDetailsRequest request, IServerStreamWriter<DetailItem> responseStream, ServerCallContext context) =>
        Stream(nameof(ListDetails), context, caller =>
            operations.ListDetails(request, responseStream.WriteAsync, caller, context.CancellationToken));

    /// <inheritdoc/>
    public override Task CompareDetails(
        IAsyncStreamReader<CompareDetailsRequest> requestStream, IServerStreamWriter<CompareDetailsResponse> responseStream,
        ServerCallContext context) =>
        Stream(nameof(CompareDetails), context, caller => operations.CompareDetails(
            requestStream.Requests(context.CancellationToken), responseStream.WriteAsync, caller, context.CancellationToken));

    /// <inheritdoc/>
    public override Task<MonthStatement> GetMonthStatement(GetMonthStatementRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetMonthStatement);

    /// <inheritdoc/>
    public override Task ListMonthStatements(
        ListMonthStatementsRequest request, IServerStreamWriter<MonthStatement> responseStream, ServerCallContext context) =>
        Stream(nameof(ListMonthStatements), context, caller =>
            operations.ListMonthStatements(request, responseStream.WriteAsync, caller, context.CancellationToken));

    private async Task Stream(string operation, ServerCallContext context, Func<Caller, Task> run)
    {
        try
        {
            await run(edge.Identify(context.GetHttpContext()));
        }
        catch (Exception error)
        {
            throw edge.ToStatus(error, operation).ToRpcException();
        }
    }
}
