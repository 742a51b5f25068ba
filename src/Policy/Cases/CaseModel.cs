using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>One case: a person and steps taken in order, each with the answer expected.</summary>
/// <param name="Id">Name of the case.</param>
/// <param name="Rule">Section of the rule text it is about.</param>
/// <param name="Why">What it shows.</param>
/// <param name="Region">Region of its claims, by which the person is registered.</param>
/// <param name="Person">Facts of the person.</param>
/// <param name="Steps">Steps.</param>
/// <param name="FinalCounters">Counters expected at the end, those not zero; null when the case says nothing of them.</param>
public sealed record WorkedCase(
    string Id, string Rule, string Why, int Region, ImmutableArray<Fact> Person, ImmutableArray<CaseStep> Steps, JsonObject? FinalCounters);

/// <summary>A step of a case; <c>Name</c> is its operation and, where it has one, its id.</summary>
public abstract record CaseStep(string Name, JsonObject Expect);

/// <summary><c>settle</c>, <c>quote</c> or <c>assistanceOnly</c>.</summary>
public sealed record ClaimStep(string Name, JsonObject Expect, ClaimOperation Operation, string Id, Claim Claim, string? RequestId)
    : CaseStep(Name, Expect);

/// <summary>What a <see cref="ClaimStep"/> does with its claim.</summary>
public enum ClaimOperation : byte
{
    Settle,
    Quote,
    AssistanceOnly,
    Deposit,
}

/// <summary><c>reverse</c>: by a facility code or the agency.</summary>
public sealed record ReverseStep(string Name, JsonObject Expect, string Settlement, string By) : CaseStep(Name, Expect);

/// <summary><c>coverage</c> of a year.</summary>
public sealed record CoverageStep(string Name, JsonObject Expect, int Year) : CaseStep(Name, Expect);

/// <summary><c>chooseFacility</c>.</summary>
public sealed record ChooseFacilityStep(string Name, JsonObject Expect, ChosenFacilityFact Choice) : CaseStep(Name, Expect);

/// <summary><c>endFiling</c>.</summary>
public sealed record EndFilingStep(string Name, JsonObject Expect, FilingEndFact End) : CaseStep(Name, Expect);

/// <summary><c>certification</c>: from when a certification filed on a day holds.</summary>
public sealed record CertificationStep(string Name, JsonObject Expect, CertificationFact Certification) : CaseStep(Name, Expect);

/// <summary><c>contribution</c> of an insured category with groups.</summary>
public sealed record ContributionStep(string Name, JsonObject Expect, InsuredCategory Category, GroupSet Groups) : CaseStep(Name, Expect);

/// <summary><c>assistanceLater</c> for a settlement that could not be one-stop.</summary>
public sealed record AssistanceLaterStep(string Name, JsonObject Expect, string Id, string Settlement) : CaseStep(Name, Expect);

/// <summary><c>illnessGrant</c> on application.</summary>
public sealed record IllnessGrantStep(string Name, JsonObject Expect, DateOnly AppliedOn, int Region) : CaseStep(Name, Expect);

/// <summary>Somewhere to run cases: in process, or a server.</summary>
public interface ICaseTarget
{
    /// <summary>Registers a new person with the facts of a case.</summary>
    Task<ICaseSession> OpenAsync(WorkedCase current, CancellationToken cancellation);
}

/// <summary>One person of one case at a target.</summary>
public interface ICaseSession
{
    /// <summary>Takes a step and gives the answer in the form of <c>expect</c>.</summary>
    /// <exception cref="NotSupportedException">The target cannot do this operation; the case fails with the message.</exception>
    Task<JsonObject> ApplyAsync(CaseStep taken, CancellationToken cancellation);

    /// <summary>Counters that are not zero, in the form of <c>finalCounters</c>.</summary>
    Task<JsonObject> CountersAsync(CancellationToken cancellation);
}
