using System.Globalization;
using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>Answers in the form the case format expects them.</summary>
public static class CaseAnswers
{
    /// <summary>Answer to a claim.</summary>
    public static JsonObject Of(Decision decision) => decision switch
    {
        Adjudication adjudication =>
            Settled(adjudication.Amounts, adjudication.OutOfAreaKind, adjudication.AssistanceReason, adjudication.Warning),
        Refusal refusal => Rejected(refusal.Code),
        _ => throw new ArgumentException($"{decision.GetType().Name} is no answer", nameof(decision)),
    };

    /// <summary>A settled claim.</summary>
    public static JsonObject Settled(in Amounts amounts, OutOfAreaKind kind, AssistanceReason reason, Warning warning)
    {
        var answer = new JsonObject
        {
            ["deductibleStandard"] = amounts.DeductibleStandard,
            ["deductiblePaid"] = amounts.DeductiblePaid,
            ["pooled"] = amounts.Pooled,
            ["seriousIllness"] = amounts.SeriousIllness,
            ["assistanceBasic"] = amounts.AssistanceBasic,
            ["assistanceTilt"] = amounts.AssistanceTilt,
            ["assistanceOutpatient"] = amounts.AssistanceOutpatient,
            ["assistanceOther"] = amounts.AssistanceOther,
            ["personPays"] = amounts.PersonPays,
            ["outOfAreaKind"] = kind.Text(),
        };
        if (reason != AssistanceReason.None)
            answer["assistanceReason"] = reason.Text();

        if (warning != Warning.None)
            answer["warning"] = warning.Text();

        return answer;
    }

    /// <summary>A refused step.</summary>
    public static JsonObject Rejected(RefusalCode code, string? blockedBy = null)
    {
        var answer = new JsonObject { ["rejected"] = code.Text() };
        if (blockedBy is not null)
            answer["blockedBy"] = blockedBy;

        return answer;
    }

    /// <summary>Answer to an assistance-only claim.</summary>
    public static JsonObject OfAssistance(Decision decision)
        => decision is Adjudication adjudication ? Assisted(adjudication.Amounts, adjudication.AssistanceReason) : Of(decision);

    /// <summary>A settled assistance-only claim.</summary>
    public static JsonObject Assisted(in Amounts amounts, AssistanceReason reason)
    {
        var answer = Settled(amounts, OutOfAreaKind.Local, reason, Warning.None);
        foreach (var absent in (ReadOnlySpan<string>)["deductibleStandard", "deductiblePaid", "outOfAreaKind"])
            answer.Remove(absent);

        return answer;
    }

    /// <summary>Answer to assistance claimed later.</summary>
    public static JsonObject AssistedLater(Decision decision) => decision switch
    {
        Adjudication { Amounts: var amounts } => AssistedLater(amounts),
        Refusal refusal => Rejected(refusal.Code),
        _ => throw new ArgumentException($"{decision.GetType().Name} is no answer", nameof(decision)),
    };

    /// <summary>Assistance claimed later: the settlement's amounts after it.</summary>
    public static JsonObject AssistedLater(in Amounts amounts) => new()
    {
        ["assistanceBasic"] = amounts.AssistanceBasic,
        ["assistanceTilt"] = amounts.AssistanceTilt,
        ["assistanceOutpatient"] = amounts.AssistanceOutpatient,
        ["assistanceOther"] = amounts.AssistanceOther,
        ["personPays"] = amounts.PersonPays,
    };

    /// <summary>Answer to an application for the grant.</summary>
    public static JsonObject Granted(Decision decision) => decision switch
    {
        IllnessGrant grant => new JsonObject
        {
            ["burdenBasic"] = grant.BurdenBasic,
            ["burdenTilt"] = grant.BurdenTilt,
            ["grantBasic"] = grant.Grant.Basic,
            ["grantTilt"] = grant.Grant.Tilt,
        },
        Refusal refusal => Rejected(refusal.Code),
        _ => throw new ArgumentException($"{decision.GetType().Name} is no answer", nameof(decision)),
    };

    /// <summary>A reversal, with the notice it raised.</summary>
    public static JsonObject Reversed(string settlement, ReversalNotice notice)
    {
        var answer = new JsonObject { ["reversed"] = settlement };
        if (notice != ReversalNotice.None)
            answer["notice"] = notice.Text();

        return answer;
    }

    /// <summary>From when a certification holds.</summary>
    public static JsonObject Certified(CertificationOutcome outcome)
        => outcome.Refusal is { } refusal ? Rejected(refusal.Code) : new JsonObject { ["from"] = Text(outcome.From) };

    /// <summary>A premium and who pays it.</summary>
    public static JsonObject Rate(ContributionOutcome outcome) => outcome.Refusal is { } refusal
        ? Rejected(refusal.Code)
        : new JsonObject { ["total"] = outcome.Rate.Total, ["person"] = outcome.Rate.Person, ["subsidy"] = outcome.Rate.Subsidy };

    /// <summary>A date as cases write it.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
