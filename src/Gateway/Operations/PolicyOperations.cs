using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Validation;
using Settlement.Persons;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Policies service: what the packs say, open to every caller with a key.</summary>
public sealed class PolicyOperations(IGrainFactory grains)
{
    private const int MaxCode = 64;

    private IPolicyGrain Policies => grains.GetGrain<IPolicyGrain>("packs");

    /// <summary>A year's premium and who pays it.</summary>
    public async Task<GetContributionResponse> GetContribution(GetContributionRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.DateOrAbsent("on", request.On);
        Check.Known("insuredCategory", request.InsuredCategory);
        foreach (Membership.Types.Group group in request.Groups) Check.Known("groups", group);
        return SettlementOperations.Value(await Policies.GetContribution(new Immutable<GetContributionRequest>(request)));
    }

    /// <summary>From which day a certification holds.</summary>
    public async Task<GetCertificationStartResponse> GetCertificationStart(GetCertificationStartRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.KnownOrAbsent("scheme", request.Scheme);
        if (request.Disease.Length == 0) throw Check.Missing("disease");
        Check.MaxLength("disease", request.Disease, MaxCode);
        Check.Date("filedOn", request.FiledOn);
        return SettlementOperations.Value(await Policies.GetCertificationStart(new Immutable<GetCertificationStartRequest>(request)));
    }

    /// <summary>The packs in use.</summary>
    public async Task<ListPacksResponse> ListPacks(ListPacksRequest request, Caller caller) =>
        SettlementOperations.Value(await Policies.ListPacks());

    /// <summary>A parameter on a day.</summary>
    public async Task<GetParameterResponse> GetParameter(GetParameterRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.KnownOrAbsent("scheme", request.Scheme);
        if (request.Parameter.Length == 0) throw Check.Missing("parameter");
        Check.MaxLength("parameter", request.Parameter, MaxCode);
        Check.DateOrAbsent("on", request.On);
        Check.Language("language", request.Language);
        return SettlementOperations.Value(await Policies.GetParameter(new Immutable<GetParameterRequest>(request)));
    }

    /// <summary>The packs against register and floors.</summary>
    public async Task<LintResponse> Lint(LintRequest request, Caller caller)
    {
        Check.DateOrAbsent("on", request.On);
        if (request.Region.Length > 0) Check.Division("region", request.Region);
        return SettlementOperations.Value(await Policies.Lint(new Immutable<LintRequest>(request)));
    }
}
