using Orleans.Concurrency;
using Settlement.Catalogues;
using Settlement.Contract;
using Settlement.Gateway.Catalogues;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Validation;
using Settlement.Identity;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Catalogue service: the agency records, a facility looks a code up.</summary>
public sealed class CatalogueOperations(CatalogueSnapshot catalogue)
{
    /// <summary>Recording of a version.</summary>
    public async Task<CatalogueVersion> Record(RecordCatalogueRowRequest request, Caller caller)
    {
        caller.RequireAgency("record the catalogue");
        CatalogueShape.Validate(request.Row);
        CatalogueVersion version = SettlementOperations.Value(
            await catalogue.AskAsync(writer => writer.Record(new Immutable<CatalogueRow>(request.Row))));
        catalogue.Note(version.Version);
        return version;
    }

    /// <summary>Every version of a code.</summary>
    public async Task<ListCatalogueVersionsResponse> List(ListCatalogueVersionsRequest request, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        CatalogueShape.Code("code", request.Code);
        MedicalCatalogue known = await catalogue.GetAsync();
        ListCatalogueVersionsResponse list = new();
        foreach (int version in known.VersionsOf(request.Code))
            list.Versions.Add((await catalogue.AskAsync(writer => writer.Read(version))).Value);
        return list;
    }
}
