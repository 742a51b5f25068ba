using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="PolicyOperations"/>.</summary>
public sealed class PolicyService(PolicyOperations operations, Edge edge) : Policies.PoliciesBase
{
    /// <inheritdoc/>
    public override Task<GetContributionResponse> GetContribution(GetContributionRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetContribution);

    /// <inheritdoc/>
    public override Task<GetCertificationStartResponse> GetCertificationStart(
        GetCertificationStartRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetCertificationStart);

    /// <inheritdoc/>
    public override Task<ListPacksResponse> ListPacks(ListPacksRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.ListPacks);

    /// <inheritdoc/>
    public override Task<GetParameterResponse> GetParameter(GetParameterRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetParameter);

    /// <inheritdoc/>
    public override Task<ListParametersResponse> ListParameters(ListParametersRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.ListParameters);

    /// <inheritdoc/>
    public override Task<LintResponse> Lint(LintRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Lint);

    /// <inheritdoc/>
    public override Task<DueDate> GetDueDate(GetDueDateRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetDueDate);

    /// <inheritdoc/>
    public override Task<CheckContractResponse> CheckContract(CheckContractRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.CheckContract);

    /// <inheritdoc/>
    public override Task<GetEmployeeContributionResponse> GetEmployeeContribution(
        GetEmployeeContributionRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetEmployeeContribution);
}
