using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="EnrolmentOperations"/>.</summary>
public sealed class EnrolmentService(EnrolmentOperations operations, Edge edge) : Enrolment.EnrolmentBase
{
    /// <inheritdoc/>
    public override Task<RecordResponse> Register(RegisterRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Register);

    /// <inheritdoc/>
    public override Task<RecordResponse> Record(RecordRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Record);

    /// <inheritdoc/>
    public override Task<GetCoverageResponse> GetCoverage(GetCoverageRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.GetCoverage);
}
