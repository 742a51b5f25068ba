using System.Text.Json.Nodes;
using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Contract;
using Settlement.Policy;
using Settlement.Policy.Cases;

namespace Settlement.Cli.Cases;

/// <summary>One person of one case on a server. Answers are put into the form of the case's <c>expect</c>.</summary>
internal sealed class GrpcSession(Connection connection, string person, string region) : ICaseSession
{
    private readonly Dictionary<string, string> settlementIds = new(StringComparer.Ordinal);
    private int steps;

    /// <inheritdoc/>
    public async Task<JsonObject> ApplyAsync(CaseStep taken, CancellationToken cancellation)
    {
        steps++;
        CallOptions options = connection.Options(cancellation);
        try
        {
            return taken switch
            {
                ClaimStep { Operation: ClaimOperation.Settle } settle => await SettleAsync(settle, options),
                ClaimStep { Operation: ClaimOperation.Quote } quote => await QuoteAsync(quote, options),
                ReverseStep reverse => await ReverseAsync(reverse, options),
                CoverageStep coverage => await CoverageAsync(coverage, options),
                ChooseFacilityStep choose => await RecordAsync(choose.Choice, new() { ["chosen"] = choose.Choice.Code }, options),
                EndFilingStep end => await RecordAsync(end.End, new() { ["endedOn"] = WireClaim.Day(end.End.EndedOn) }, options),
                ClaimStep { Operation: ClaimOperation.AssistanceOnly } assist => Assistance(await SettleAsync(Known(assist), options)),
                ClaimStep { Operation: ClaimOperation.Deposit } deposit => await DepositAsync(deposit, options),
                CertificationStep certification => await CertificationAsync(certification, options),
                ContributionStep contribution => await ContributionAsync(contribution, options),
                AssistanceLaterStep later => await AssistLaterAsync(later, options),
                IllnessGrantStep grant => await GrantAsync(grant, options),
                ClaimStep claim => throw new NotSupportedException($"the contract has no operation for {claim.Operation}"),
                _ => throw new NotSupportedException($"the contract has no operation for {taken.GetType().Name}"),
            };
        }
        catch (RpcException error)
        {
            return Rejected(Outcome.Of(error));
        }
    }

    /// <inheritdoc/>
    public async Task<JsonObject> CountersAsync(CancellationToken cancellation)
    {
        GetAccountRequest request = new() { Person = person };
        GetAccountResponse account = await connection.AskAsync(
            options => connection.Settlement.GetAccountAsync(request, options), cancellation);
        JsonObject years = [];
        JsonObject pregnancies = [];
        List<string> cycles = [];
        foreach (Contract.Counter counter in account.Counters)
        {
            if (counter.Year != 0)
            {
                if (years[$"{counter.Year}"] is not JsonObject year) years[$"{counter.Year}"] = year = [];
                year[counter.Name] = counter.Value;
            }
            else if (counter.Name == CounterNames.NameOf(CounterId.PregnancyPaid))
            {
                pregnancies[counter.Reference] = counter.Value;
            }
            else if (counter.Name == CounterNames.NameOf(CounterId.CycleBills))
            {
                cycles.Add(counter.Reference);
            }
        }

        return new JsonObject
        {
            ["years"] = years,
            ["pregnancies"] = pregnancies,
            ["cycles"] = new JsonArray([.. cycles.Order(StringComparer.Ordinal).Select(cycle => (JsonNode)cycle)]),
        };
    }

    private async Task<JsonObject> SettleAsync(ClaimStep step, CallOptions options)
    {
        // A request id of the case names request and charge alike: repeated, it must be the same charge.
        string request = GrpcTarget.Digest(person, step.RequestId is { } given ? $"request {given}" : $"step {steps}");
        SettleRequest settle = new()
        {
            RequestId = request,
            Person = person,
            VisitId = request,
            ChargeBatch = "1",
            Claim = WireClaim.Of(step.Claim),
        };
        SettlementResult result = (await connection.Settlement.SettleAsync(settle, options)).Result;
        // A repeated request carries the id it was first settled under.
        settlementIds.TryAdd(step.Id, result.SettlementId);
        return Settled(result);
    }

    private async Task<JsonObject> QuoteAsync(ClaimStep step, CallOptions options)
    {
        QuoteRequest quote = new() { Person = person, Claim = WireClaim.Of(step.Claim) };
        return Settled((await connection.Settlement.QuoteAsync(quote, options)).Result);
    }

    private async Task<JsonObject> DepositAsync(ClaimStep step, CallOptions options)
    {
        CheckDepositRequest check = new() { Person = person, Claim = WireClaim.Of(step.Claim) };
        return new JsonObject { ["waived"] = (await connection.Settlement.CheckDepositAsync(check, options)).Waived };
    }

    // What the insurance has paid makes a claim assistance-only, also when it paid nothing.
    private static ClaimStep Known(ClaimStep step) =>
        step with { Claim = step.Claim with { KnownPayments = step.Claim.KnownPayments ?? new KnownPayments(0, 0) } };

    // An assistance-only claim is answered without what the insurance had decided before.
    private static JsonObject Assistance(JsonObject settled)
    {
        foreach (string absent in (ReadOnlySpan<string>)["deductibleStandard", "deductiblePaid", "outOfAreaKind"]) settled.Remove(absent);
        return settled;
    }

    private async Task<JsonObject> ReverseAsync(ReverseStep step, CallOptions options)
    {
        ReverseRequest reverse = new()
        {
            RequestId = GrpcTarget.Digest(person, $"step {steps}"),
            Person = person,
            SettlementId = settlementIds.GetValueOrDefault(step.Settlement) ?? GrpcTarget.Digest(person, $"none {step.Settlement}"),
            Facility = step.By == Reversals.Agency ? "" : step.By,
        };
        ReverseResponse reversed = await connection.Settlement.ReverseAsync(reverse, options);
        JsonObject answer = new() { ["reversed"] = step.Settlement };
        if (reversed.Notice.Length > 0) answer["notice"] = reversed.Notice;
        return answer;
    }

    private async Task<JsonObject> AssistLaterAsync(AssistanceLaterStep step, CallOptions options)
    {
        AssistLaterRequest request = new()
        {
            RequestId = GrpcTarget.Digest(person, $"step {steps}"),
            Person = person,
            SettlementId = settlementIds.GetValueOrDefault(step.Settlement) ?? GrpcTarget.Digest(person, $"none {step.Settlement}"),
        };
        AssistLaterResponse assisted = await connection.Agency.AssistLaterAsync(request, options);
        settlementIds.TryAdd(step.Id, assisted.AssistanceId);
        return new JsonObject
        {
            ["assistanceBasic"] = assisted.AssistanceBasic,
            ["assistanceTilt"] = assisted.AssistanceTilt,
            ["assistanceOutpatient"] = assisted.AssistanceOutpatient,
            ["assistanceOther"] = assisted.AssistanceOther,
            ["personPays"] = assisted.PersonPays,
        };
    }

    private async Task<JsonObject> GrantAsync(IllnessGrantStep step, CallOptions options)
    {
        GrantForIllnessRequest request = new()
        {
            RequestId = GrpcTarget.Digest(person, $"step {steps}"),
            Person = person,
            Region = WireClaim.Division(step.Region),
            ApplicationDate = WireClaim.Day(step.AppliedOn),
        };
        GrantForIllnessResponse granted = await connection.Agency.GrantForIllnessAsync(request, options);
        return new JsonObject
        {
            ["burdenBasic"] = granted.BurdenBasic,
            ["burdenTilt"] = granted.BurdenTilt,
            ["grantBasic"] = granted.GrantBasic,
            ["grantTilt"] = granted.GrantTilt,
        };
    }

    private async Task<JsonObject> CertificationAsync(CertificationStep step, CallOptions options)
    {
        GetCertificationStartRequest request = new()
        {
            Region = region,
            Disease = step.Certification.Disease.Text(),
            FiledOn = WireClaim.Day(step.Certification.FiledOn),
        };
        return new JsonObject { ["from"] = (await connection.Policies.GetCertificationStartAsync(request, options)).From };
    }

    private async Task<JsonObject> ContributionAsync(ContributionStep step, CallOptions options)
    {
        GetContributionRequest request = new()
        {
            Region = region,
            InsuredCategory = WireClaim.Named<Insured.Types.Category>(step.Category.Text()),
        };
        foreach (SocialGroup group in Enum.GetValues<SocialGroup>())
        {
            if (step.Groups.Has(group)) request.Groups.Add(WireClaim.Named<Membership.Types.Group>(group.Text()));
        }

        GetContributionResponse rate = await connection.Policies.GetContributionAsync(request, options);
        return new JsonObject { ["total"] = rate.Total, ["person"] = rate.Person, ["subsidy"] = rate.Subsidy };
    }

    private async Task<JsonObject> CoverageAsync(CoverageStep step, CallOptions options)
    {
        GetCoverageRequest request = new() { Person = person, Region = region, Year = step.Year };
        GetCoverageResponse cover = await connection.Enrolment.GetCoverageAsync(request, options);
        return new JsonObject { ["from"] = cover.From, ["to"] = cover.To };
    }

    private async Task<JsonObject> RecordAsync(Policy.Fact fact, JsonObject answer, CallOptions options)
    {
        RecordRequest record = new() { RequestId = GrpcTarget.Digest(person, $"step {steps}"), Person = person, Region = region };
        record.Facts.Add(WireFact.Of(fact));
        await connection.Enrolment.RecordAsync(record, options);
        return answer;
    }

    private static JsonObject Settled(SettlementResult result)
    {
        JsonObject answer = new()
        {
            ["deductibleStandard"] = result.DeductibleStandard,
            ["deductiblePaid"] = result.DeductiblePaid,
            ["pooled"] = result.Pooled,
            ["seriousIllness"] = result.SeriousIllness,
            ["assistanceBasic"] = result.AssistanceBasic,
            ["assistanceTilt"] = result.AssistanceTilt,
            ["assistanceOutpatient"] = result.AssistanceOutpatient,
            ["assistanceOther"] = result.AssistanceOther,
            ["personPays"] = result.PersonPays,
            ["outOfAreaKind"] = WireClaim.WireName(result.OutOfAreaKind),
        };
        if (result.AssistanceReason.Length > 0) answer["assistanceReason"] = result.AssistanceReason;
        if (result.Warnings.Count > 0) answer["warning"] = string.Join(",", result.Warnings);
        return answer;
    }

    // A code of the rules is an answer; anything else says that the server could not do the step.
    private JsonObject Rejected(Outcome outcome)
    {
        if (outcome.Kind is not OutcomeKind.Refused) throw outcome.ToException(connection, ExitCode.Environment);
        if (!Names.TryParse(outcome.Code, out RefusalCode _)) throw new NotSupportedException(outcome.Describe());
        JsonObject answer = new() { ["rejected"] = outcome.Code };
        string? blockedBy = outcome.Facts.FirstOrDefault(fact => fact.Key == "blockedBy").Value;
        if (blockedBy is not null)
            answer["blockedBy"] = settlementIds.FirstOrDefault(settlement => settlement.Value == blockedBy).Key ?? blockedBy;
        return answer;
    }
}
