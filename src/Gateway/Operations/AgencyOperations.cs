using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Validation;
using Settlement.Persons;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Agency service: all of them the agency's alone.</summary>
public sealed class AgencyOperations(
    IGrainFactory grains, SettlementOperations settlements, PolicyOperations policies, GatewayOptions options)
{
    private const int MaxReason = 500;

    /// <summary>Reimbursement by hand.</summary>
    public async Task<ReimburseResponse> Reimburse(ReimburseRequest request, Caller caller)
    {
        caller.RequireAgency("reimburse by hand");
        Check.Id("requestId", request.RequestId);
        Check.Person(request.Person);
        Check.Id("visitId", request.VisitId);
        Check.Id("chargeBatch", request.ChargeBatch);
        ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        DateOnly received = Check.Date("receivedOn", request.ReceivedOn);
        if (received < Check.Date("claim.dischargeDate", request.Claim.DischargeDate))
            throw Check.Invalid(
                "receivedOn", request.ReceivedOn, $"a day not before the discharge ({request.Claim.DischargeDate})", "不能早于出院（就诊）日期");

        Claim claim = new(request.Claim) { Channel = Claim.Types.Channel.Manual, ReceivedOn = request.ReceivedOn };
        SettleRequest settle = new()
        {
            RequestId = request.RequestId, Person = request.Person, VisitId = request.VisitId, ChargeBatch = request.ChargeBatch,
            Claim = claim,
        };
        SettleResponse settled = SettlementOperations.Value(await Person(request.Person)
            .Settle(new Immutable<SettleRequest>(settle), caller.Terms)).Message;
        ReimburseResponse answer = new() { Result = settled.Result, AlreadySettled = settled.AlreadySettled is not null };
        if (answer.AlreadySettled || await policies.DueDateOf(claim) is not { } due) return answer;
        answer.Due = due;
        answer.Late = string.CompareOrdinal(settled.Result.SettledAt[..due.DueOn.Length], due.DueOn) > 0;
        return answer;
    }

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

    /// <summary>The correction of an older settlement, or its preview.</summary>
    public async Task<CorrectResponse> Correct(CorrectRequest request, Caller caller)
    {
        caller.RequireAgency("correct a settlement");
        Check.Id("requestId", request.RequestId);
        Check.Id("settlementId", request.SettlementId);
        Check.Text("reason", request.Reason, MaxReason);
        // What shall stand in place of the settlement is said, never left to a field that was forgotten.
        if (request.ReplacementCase != CorrectRequest.ReplacementOneofCase.TakeBack)
            ClaimShape.Validate(request.Claim, options.MaxFeeLines);
        else if (!request.TakeBack) throw Check.Invalid("takeBack", "false", "true, or a claim instead", "应为true，或改为提供claim");
        request.Person = await settlements.PersonOf(request.SettlementId, request.Person);
        return SettlementOperations.Value(await Person(request.Person).Correct(new Immutable<CorrectRequest>(request)));
    }

    private IInsuredPersonGrain Person(string person) => grains.GetGrain<IInsuredPersonGrain>(person);
}
