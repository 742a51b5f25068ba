using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Validation;
using Settlement.Persons;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Agency service: all of them the agency's alone.</summary>
public sealed class AgencyOperations(IGrainFactory grains, SettlementOperations settlements)
{
    /// <summary>Assistance claimed later by hand.</summary>
    public async Task<AssistLaterResponse> AssistLater(AssistLaterRequest request, Caller caller)
    {
        caller.RequireAgency("assist a settlement later");
        Check.Id("requestId", request.RequestId);
        Check.Id("settlementId", request.SettlementId);
        request.Person = await settlements.PersonOf(request.SettlementId, request.Person);
        return SettlementOperations.Value(await Person(request.Person).AssistLater(new Immutable<AssistLaterRequest>(request)));
    }

    /// <summary>The grant for people impoverished by illness.</summary>
    public async Task<GrantForIllnessResponse> GrantForIllness(GrantForIllnessRequest request, Caller caller)
    {
        caller.RequireAgency("decide a grant");
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        Check.Division("region", request.Region);
        Check.Date("applicationDate", request.ApplicationDate);
        return SettlementOperations.Value(await Person(request.Person).GrantForIllness(new Immutable<GrantForIllnessRequest>(request)));
    }

    private IInsuredPersonGrain Person(string person) => grains.GetGrain<IInsuredPersonGrain>(person);
}
