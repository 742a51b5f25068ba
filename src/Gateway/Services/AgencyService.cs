using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="AgencyOperations"/>.</summary>
public sealed class AgencyService(AgencyOperations operations, Edge edge) : Agency.AgencyBase
{
    /// <inheritdoc/>
    public override Task<ReimburseResponse> Reimburse(ReimburseRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Reimburse);

    /// <inheritdoc/>
    public override Task<AssistLaterResponse> AssistLater(AssistLaterRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.AssistLater);

    /// <inheritdoc/>
    public override Task<GrantForIllnessResponse> GrantForIllness(GrantForIllnessRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GrantForIllness);

    /// <inheritdoc/>
    public override Task<CorrectResponse> Correct(CorrectRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Correct);
}
