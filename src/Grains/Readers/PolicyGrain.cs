using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using DueDate = Settlement.Contract.DueDate;
using Scheme = Settlement.Contract.Scheme;

namespace Settlement.Readers;

/// <summary>Answers from the packs alone. Holds nothing.</summary>
[Reentrant]
public sealed class PolicyGrain(Adjudicator adjudicator, PolicyLibrary library, TimeProvider time) : Grain, IPolicyGrain
{
    /// <inheritdoc/>
    public Task<Reply<GetContributionResponse>> GetContribution(Immutable<GetContributionRequest> request)
    {
        GetContributionRequest asked = request.Value;
        int region = ClaimMapping.Division(asked.Region);
        DateOnly on = Dates.DayOrNull(asked.On) ?? adjudicator.Catalogue.Find(region)?.InForceFrom ?? default;
        GroupSet groups = GroupSet.None;
        foreach (Membership.Types.Group group in asked.Groups) groups |= GroupSet.Of((SocialGroup)(group - 1));
        ContributionOutcome outcome = adjudicator.Contribution(
            region, Policy.Scheme.Resident, on, FactMapping.ToPolicy(asked.InsuredCategory), groups);
        Reply<GetContributionResponse> reply = outcome.Refusal is { } refusal
            ? RefusalMapping.ToInfo(refusal)
            : new GetContributionResponse
            {
                Total = outcome.Rate.Total,
                Person = outcome.Rate.Person,
                Subsidy = outcome.Rate.Subsidy,
                SeriousIllnessPremium = outcome.Rate.SeriousIllnessPremium,
            };
        return Task.FromResult(reply);
    }

    /// <inheritdoc/>
    public Task<Reply<GetEmployeeContributionResponse>> GetEmployeeContribution(Immutable<GetEmployeeContributionRequest> request)
    {
        GetEmployeeContributionRequest asked = request.Value;
        EmployeeContributionOutcome outcome = EmployeeContributions.Of(
            library.Catalogue, ClaimMapping.Division(asked.Region), DayOrToday(asked.On), asked.MonthlyWage, asked.AverageWage);
        Reply<GetEmployeeContributionResponse> reply = outcome.Refusal is { } refusal
            ? RefusalMapping.ToInfo(refusal)
            : new GetEmployeeContributionResponse
            {
                Base = outcome.Contribution!.Base,
                Person = outcome.Contribution.Person,
                EmployerLowest = outcome.Contribution.EmployerLowest,
                EmployerHighest = outcome.Contribution.EmployerHighest,
            };
        return Task.FromResult(reply);
    }

    /// <inheritdoc/>
    public Task<Reply<GetCertificationStartResponse>> GetCertificationStart(Immutable<GetCertificationStartRequest> request)
    {
        GetCertificationStartRequest asked = request.Value;
        CertificationOutcome outcome = adjudicator.Certification(
            ClaimMapping.Division(asked.Region),
            ClaimMapping.ToPolicy(asked.Scheme),
            new CertificationFact(ClaimMapping.Disease(asked.Disease), Dates.Day(asked.FiledOn)));
        Reply<GetCertificationStartResponse> reply = outcome.Refusal is { } refusal
            ? RefusalMapping.ToInfo(refusal)
            : new GetCertificationStartResponse { From = Dates.Text(outcome.From) };
        return Task.FromResult(reply);
    }

    /// <inheritdoc/>
    public Task<Reply<ListPacksResponse>> ListPacks()
    {
        ListPacksResponse answer = new();
        answer.Packs.AddRange(library.Catalogue.Packs.Select(pack => PolicyMapping.ToWire(pack, library.Register)));
        return Task.FromResult<Reply<ListPacksResponse>>(answer);
    }

    /// <inheritdoc/>
    public Task<Reply<GetParameterResponse>> GetParameter(Immutable<GetParameterRequest> request) => Task.FromResult(Find(request.Value));

    /// <inheritdoc/>
    public Task<Reply<ListParametersResponse>> ListParameters(Immutable<ListParametersRequest> request)
    {
        ListParametersRequest asked = request.Value;
        Policy.Scheme scheme = ClaimMapping.ToPolicy(asked.Scheme);
        DateOnly on = DayOrToday(asked.On);
        ParametersOutcome outcome = library.Parameters(ClaimMapping.Division(asked.Region), scheme);
        if (outcome.Refusal is { } refusal) return Task.FromResult<Reply<ListParametersResponse>>(RefusalMapping.ToInfo(refusal));
        ListParametersResponse answer = new() { Policy = outcome.Pack!.Label };
        answer.Parameters.AddRange(
            outcome.Definitions.Select(definition => PolicyMapping.ToWire(definition, outcome.Pack, on, library.Register)));
        return Task.FromResult<Reply<ListParametersResponse>>(answer);
    }

    /// <inheritdoc/>
    public Task<Reply<LintResponse>> Lint(Immutable<LintRequest> request)
    {
        int? region = request.Value.Region.Length == 0 ? null : ClaimMapping.Division(request.Value.Region);
        LintOutcome outcome = library.Lint(region, DayOrToday(request.Value.On));
        Reply<LintResponse> reply = outcome.Refusal is { } refusal ? RefusalMapping.ToInfo(refusal) : PolicyMapping.ToWire(outcome.Report!);
        return Task.FromResult(reply);
    }

    /// <inheritdoc/>
    public Task<Reply<DueDate>> GetDueDate(Immutable<GetDueDateRequest> request)
    {
        GetDueDateRequest asked = request.Value;
        return Task.FromResult(Due(asked.Region, (ServiceMatter)(asked.Matter - 1), asked.ReceivedOn));
    }

    /// <inheritdoc/>
    public Task<Reply<DueDate>> GetReimbursementDue(Immutable<Contract.Claim> claim)
    {
        Contract.Claim by = claim.Value;
        return Task.FromResult(Due(by.Region, ServiceLimits.MatterOf((VisitType)by.VisitType), by.ReceivedOn));
    }

    /// <inheritdoc/>
    public Task<Reply<CheckContractResponse>> CheckContract(Immutable<CheckContractRequest> request)
    {
        CheckContractRequest asked = request.Value;
        ContractOutcome outcome = ContractGrounds.Check(
            library.Catalogue,
            ClaimMapping.Division(asked.Region),
            (ContractApplicant)(asked.Applicant - 1),
            Dates.Day(asked.AppliedOn),
            [.. asked.Found.Select(ServiceMapping.ToPolicy)]);
        Reply<CheckContractResponse> reply = outcome.Refusal is { } refusal
            ? RefusalMapping.ToInfo(refusal)
            : ServiceMapping.ToWire(outcome.Checklist!);
        return Task.FromResult(reply);
    }

    private Reply<DueDate> Due(string region, ServiceMatter matter, string receivedOn)
    {
        DateOnly received = Dates.Day(receivedOn);
        DueDateOutcome outcome = ServiceLimits.Of(library.Catalogue, ClaimMapping.Division(region), matter, received);
        return outcome.Refusal is { } refusal ? RefusalMapping.ToInfo(refusal) : ServiceMapping.ToWire(outcome.Due!, matter, received);
    }

    private Reply<GetParameterResponse> Find(GetParameterRequest asked)
    {
        if (!ParameterSchema.TryFind(asked.Parameter, out Parameter parameter)) return PolicyMapping.UnknownParameter(asked.Parameter);
        Policy.Scheme scheme = ClaimMapping.ToPolicy(asked.Scheme);
        DateOnly on = DayOrToday(asked.On);
        ParameterOutcome found = library.Find(ClaimMapping.Division(asked.Region), scheme, parameter);
        if (found.Refusal is { } refusal) return RefusalMapping.ToInfo(refusal);
        GetParameterResponse answer = PolicyMapping.ToWire(found.Definition!, found.Pack!, on, library.Register);
        if (asked.Language.Length > 0)
            answer.Text = ParameterExplainer.Explain(found.Pack!, scheme, parameter, on, library.Register, asked.Language == "zh"
                ? Language.Zh
                : Language.En);
        return answer;
    }

    private DateOnly DayOrToday(string day) => Dates.DayOrNull(day) ?? Dates.DayOf(time.GetUtcNow());
}
