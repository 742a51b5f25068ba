using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;

namespace Settlement.Gateway.Services;

/// <summary>The gRPC face of <see cref="CatalogueOperations"/>.</summary>
public sealed class CatalogueService(CatalogueOperations operations, Edge edge) : Catalogue.CatalogueBase
{
    /// <inheritdoc/>
    public override Task<CatalogueVersion> RecordCatalogueRow(RecordCatalogueRowRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.Record);

    /// <inheritdoc/>
    public override Task<ListCatalogueVersionsResponse> ListCatalogueVersions(
        ListCatalogueVersionsRequest request, ServerCallContext context) =>
        edge.Run(request, context, operations.List);
}
