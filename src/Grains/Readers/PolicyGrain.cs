using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using Scheme = Settlement.Contract.Scheme;

namespace Settlement.Readers;

/// <summary>Answers from the packs alone. Holds nothing.</summary>
[Reentrant]
public sealed class PolicyGrain(Adjudicator adjudicator) : Grain, IPolicyGrain
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
    public Task<Reply<GetCertificationStartResponse>> GetCertificationStart(Immutable<GetCertificationStartRequest> request)
    {
        GetCertificationStartRequest asked = request.Value;
        CertificationOutcome outcome = adjudicator.Certification(
            ClaimMapping.Division(asked.Region),
            asked.Scheme == Scheme.Types.Kind.Employee ? Policy.Scheme.Employee : Policy.Scheme.Resident,
            new CertificationFact(ClaimMapping.Disease(asked.Disease), Dates.Day(asked.FiledOn)));
        Reply<GetCertificationStartResponse> reply = outcome.Refusal is { } refusal
            ? RefusalMapping.ToInfo(refusal)
            : new GetCertificationStartResponse { From = Dates.Text(outcome.From) };
        return Task.FromResult(reply);
    }
}
