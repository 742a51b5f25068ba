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
    private const int MaxGrounds = 64;

    // Ten million yuan a month: no wage, and far from what the rules' arithmetic can hold.
    private const long MaxWage = 1_000_000_000;

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

    /// <summary>What an employee's month costs.</summary>
    public async Task<GetEmployeeContributionResponse> GetEmployeeContribution(GetEmployeeContributionRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.DateOrAbsent("on", request.On);
        Check.Between("monthlyWage", request.MonthlyWage, 0, MaxWage);
        Check.Between("averageWage", request.AverageWage, 1, MaxWage);
        return SettlementOperations.Value(await Policies.GetEmployeeContribution(new Immutable<GetEmployeeContributionRequest>(request)));
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

    /// <summary>By when a matter must be settled.</summary>
    public async Task<DueDate> GetDueDate(GetDueDateRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.Known("matter", request.Matter);
        Check.Date("receivedOn", request.ReceivedOn);
        return SettlementOperations.Value(await Policies.GetDueDate(new Immutable<GetDueDateRequest>(request)));
    }

    /// <summary>By when a reimbursement by hand must be settled; null where the region publishes no limit.</summary>
    internal async Task<DueDate?> DueDateOf(Claim reimbursed) =>
        (await Policies.GetReimbursementDue(new Immutable<Claim>(reimbursed))).Value;

    /// <summary>The checklist of an application for a contract.</summary>
    public async Task<CheckContractResponse> CheckContract(CheckContractRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.Known("applicant", request.Applicant);
        Check.Date("appliedOn", request.AppliedOn);
        Check.AtMost("found (number of)", request.Found.Count, MaxGrounds);
        for (int i = 0; i < request.Found.Count; i++)
        {
            Check.Known($"found[{i}].ground", request.Found[i].Ground);
            Check.DateOrAbsent($"found[{i}].since", request.Found[i].Since);
        }

        return SettlementOperations.Value(await Policies.CheckContract(new Immutable<CheckContractRequest>(request)));
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

    /// <summary>Every parameter of a pack.</summary>
    public async Task<ListParametersResponse> ListParameters(ListParametersRequest request, Caller caller)
    {
        Check.Division("region", request.Region);
        Check.KnownOrAbsent("scheme", request.Scheme);
        Check.DateOrAbsent("on", request.On);
        return SettlementOperations.Value(await Policies.ListParameters(new Immutable<ListParametersRequest>(request)));
    }

    /// <summary>The packs against register and floors.</summary>
    public async Task<LintResponse> Lint(LintRequest request, Caller caller)
    {
        Check.DateOrAbsent("on", request.On);
        if (request.Region.Length > 0) Check.Division("region", request.Region);
        return SettlementOperations.Value(await Policies.Lint(new Immutable<LintRequest>(request)));
    }
}
