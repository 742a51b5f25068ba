using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Refusals;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Facilities service: the agency records, a facility reads its own.</summary>
public sealed class FacilityOperations(FacilityRegistry registry)
{
    /// <summary>Registration.</summary>
    public async Task<FacilityRecord> Register(RegisterFacilityRequest request, Caller caller)
    {
        caller.RequireAgency("register a facility");
        FacilityShape.Validate(request.Facility, request.Contracts);
        string code = request.Facility.Code;
        return Written(code, await registry.Ask(code, facility => facility.Register(new Immutable<RegisterFacilityRequest>(request))));
    }

    /// <summary>Change of facts or contract periods.</summary>
    public async Task<FacilityRecord> Change(ChangeFacilityRequest request, Caller caller)
    {
        caller.RequireAgency("change a facility");
        FacilityShape.Validate(request.Facility, request.Contracts);
        Check.Between("version", request.Version, 0, int.MaxValue);
        string code = request.Facility.Code;
        return Written(code, await registry.Ask(code, facility => facility.Change(new Immutable<ChangeFacilityRequest>(request))));
    }

    /// <summary>The record of a facility.</summary>
    public async Task<FacilityRecord> Get(GetFacilityRequest request, Caller caller)
    {
        caller.Require(Scope.Settle | Scope.Read);
        string code = FacilityFacts.Acting(caller, request.Facility);
        Check.Id("facility", code);
        FacilityRecord record = (await registry.Ask(code, static facility => facility.Read())).Value;
        if (record.Version > 0) return record;
        throw new RefusalException(new RefusalInfo(
            RefusalCodes.NotFound,
            $"Facility '{code}' is not registered.",
            $"机构{code}尚未登记。",
            new Dictionary<string, string> { ["facility"] = code }));
    }

    private FacilityRecord Written(string code, Reply<FacilityRecord> reply)
    {
        FacilityRecord record = SettlementOperations.Value(reply);
        registry.Put(code, record);
        return record;
    }
}
