namespace Settlement.Policy;

/// <summary>Emergency rescue of an outpatient or in an ambulance (4.3): one ratio without a deductible, at any institution.</summary>
internal static class EmergencyOutpatient
{
    /// <summary>A listed critical disease, and a treatment fee among the charges.</summary>
    public static Refusal? Refuse(ref Draft draft)
    {
        var (claim, rules) = (draft.Claim, draft.Rules);
        if ((claim.Diagnoses & rules.DiagnosesIn(Parameter.EmergencyOutpatientDiagnoses)) == 0)
            return draft.Refuse(
                RefusalCode.ConditionNotMet, "diagnoses", null, "a listed critical disease", Parameter.EmergencyOutpatientDiagnoses);

        if (rules.IsYes(Parameter.EmergencyOutpatientTreatmentItem) && !claim.TreatmentFeeItem && !Totalling.HasTreatmentLine(claim))
            return draft.Refuse(
                RefusalCode.ConditionNotMet, "treatmentFeeItem", "false", "true", Parameter.EmergencyOutpatientTreatmentItem);

        draft.Add(new RuleStep { Code = StepCode.RescueConditions, Parameter = Parameter.EmergencyOutpatientDiagnoses });
        return null;
    }

    public static Refusal? Share(ref Draft draft)
    {
        var (rules, kind) = (draft.Rules, (int)draft.Kind);
        var ratio = rules[Parameter.EmergencyOutpatientRatio];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.EmergencyOutpatientRatio);

        var points = rules[Parameter.EmergencyOutpatientRatioReduction, kind];
        if (points == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.EmergencyOutpatientRatioReduction, kind);

        var seriousIllnessPoints = rules[Parameter.EmergencyOutpatientSeriousIllnessReduction, kind];
        if (seriousIllnessPoints == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.EmergencyOutpatientSeriousIllnessReduction, kind);

        if (points > 0)
            draft.Add(new RuleStep
            {
                Code = StepCode.RatioReduced,
                Parameter = Parameter.EmergencyOutpatientRatioReduction,
                RateBp = (int)points,
            });

        draft.SeriousIllnessReduction = (int)seriousIllnessPoints;
        PooledFund.Flat(ref draft, Math.Max(0, ratio - points), Parameter.EmergencyOutpatientRatio);
        return null;
    }
}
