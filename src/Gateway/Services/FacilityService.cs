using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="FacilityOperations"/>.</summary>
public sealed class FacilityService(FacilityOperations operations, Edge edge) : Facilities.FacilitiesBase
{
    /// <inheritdoc/>
    public override Task<FacilityRecord> RegisterFacility(RegisterFacilityRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Register);

    /// <inheritdoc/>
    public override Task<FacilityRecord> ChangeFacility(ChangeFacilityRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Change);

    /// <inheritdoc/>
    public override Task<FacilityRecord> GetFacility(GetFacilityRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Get);
}
