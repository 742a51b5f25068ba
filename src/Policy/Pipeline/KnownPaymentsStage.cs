namespace Settlement.Policy;

/// <summary>
/// Assistance alone, on a claim whose pooled-fund and serious-illness payments are known (section 8). It needs no cover: the insurance has
/// paid already.
/// </summary>
internal static class KnownPaymentsStage
{
    public static Refusal? Apply(ref Draft draft, KnownPayments known)
    {
        if ((Conditions.PayablePlace(draft) ?? (draft.Claim.IsAdmission ? Conditions.Sound(draft) : null)
            ?? VisitType(draft)) is { } refusal)
            return refusal;

        draft.Kind = Place.Derive(draft);
        draft.Pooled = known.Pooled;
        draft.SeriousIllness = known.SeriousIllness;
        draft.Add(new RuleStep
        {
            Code = StepCode.PlaceDerived,
            Parameter = Parameter.OutOfAreaKinds,
            Base = (long)draft.Kind,
            Amount = draft.Claim.Facility.Division,
        });
        draft.Add(new RuleStep { Code = StepCode.PaymentsKnown, Base = known.Pooled, Amount = known.SeriousIllness });
        var (reason, parameter) = WithheldFor(draft);
        if (reason != AssistanceReason.None)
        {
            AssistanceStage.Withhold(ref draft, reason, parameter);
            return null;
        }

        return AssistanceStage.Assist(ref draft, draft.Groups.BestCategory!.Value);
    }

    private static Refusal? VisitType(in Draft draft)
        => draft.Rules.Has(Parameter.BenefitAssistanceOnly, draft.Claim.VisitType)
            ? null
            : draft.Refuse(
                RefusalCode.ConditionNotMet, "visitType", draft.Claim.VisitType.Text(), "a visit type of assistance",
                Parameter.BenefitAssistanceOnly);

    /// <summary>The first reason that holds, in the order of the case format.</summary>
    private static (AssistanceReason Reason, Parameter Parameter) WithheldFor(in Draft draft)
    {
        var rules = draft.Rules;
        if (draft.Groups.BestCategory is not { } category)
            return (AssistanceReason.NotAssisted, Parameter.AssistanceGroups);

        if (rules.Has(Parameter.AssistanceOnApplicationGroups, category))
            return (AssistanceReason.OnApplication, Parameter.AssistanceOnApplicationGroups);

        if (!rules.Has(Parameter.AssistanceGroups, category))
            return (AssistanceReason.NotAssisted, Parameter.AssistanceGroups);

        if (!rules.Has(Parameter.AssistanceVisitTypes, draft.Claim.VisitType))
            return (AssistanceReason.OutOfScope, Parameter.AssistanceVisitTypes);

        return draft.Kind == OutOfAreaKind.Local || rules.Has(Parameter.AssistanceAwayKinds, draft.Kind)
            ? (AssistanceReason.None, Parameter.None)
            : (AssistanceReason.NotReferred, Parameter.AssistanceAwayKinds);
    }
}
