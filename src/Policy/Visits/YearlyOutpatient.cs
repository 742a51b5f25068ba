namespace Settlement.Policy;

/// <summary>
/// Outpatient pooling and two-disease drugs where both are counted by the year (section 7): no chosen facility, a ratio by level and trait
/// of the facility, one deductible, and one cap while the pack gives a joint one; once it says there is none, two-disease drugs stand by
/// themselves (4.6).
/// </summary>
internal static class YearlyOutpatient
{
    private const int Traits = 6;

    /// <summary>Whether the pack counts outpatient benefits this way on the day.</summary>
    public static bool Applies(in Draft draft) => draft.Rules.Publishes(Parameter.OutpatientYearlyCap);

    public static Refusal? Share(ref Draft draft)
    {
        if (!draft.Rules.Has(Parameter.OutpatientYearlyKinds, draft.Kind))
            return draft.Unpublished(Parameter.OutpatientYearlyKinds);

        if (draft.Claim.VisitType != VisitType.TwoDisease)
            return TakeDeductible(ref draft) ?? Pooling(ref draft);

        return IsJoint(draft) ? TakeDeductible(ref draft) ?? Joint(ref draft) : TwoDiseaseDrugs.Share(ref draft);
    }

    /// <summary>Moves the counters by what was finally paid; those of two-disease drugs are moved where they always are.</summary>
    public static void Count(ref Draft draft)
    {
        draft.Move(CounterId.OutpatientDeductiblePaid, draft.DeductiblePaid);
        if (draft.Claim.VisitType == VisitType.OutpatientPooling)
            draft.Move(CounterId.OutpatientPaid, draft.Pooled);
    }

    private static Refusal? Pooling(ref Draft draft)
    {
        var cell = ((int)draft.Claim.Facility.Tier * Traits) + (int)TraitOf(draft.Claim.Facility);
        var cap = IsJoint(draft) && TwoDiseaseDrugs.FiledFor(draft) is { } filed
            ? (Parameter: Parameter.OutpatientYearlyJointCap, Cell: (int)filed)
            : (Parameter: Parameter.OutpatientYearlyCap, Cell: 0);
        return Pay(ref draft, Parameter.OutpatientYearlyRatio, cell, cap.Parameter, cap.Cell, CounterId.OutpatientPaid);
    }

    /// <summary>Two-disease drugs under the joint cap; that something is filed was asked before.</summary>
    private static Refusal? Joint(ref Draft draft)
    {
        var filed = TwoDiseaseDrugs.FiledFor(draft) ?? FiledDiseases.HypertensionOnly;
        return Pay(ref draft, Parameter.TwoDiseaseRatio, 0, Parameter.OutpatientYearlyJointCap, (int)filed, CounterId.TwoDiseasePaid);
    }

    /// <summary>One deductible and one cap for both benefits.</summary>
    private static bool IsJoint(in Draft draft)
        => draft.Rules[Parameter.OutpatientYearlyJointCap, (int)FiledDiseases.HypertensionOnly] is not (RuleSet.Unpublished
            or RuleSet.NoLimit);

    private static Refusal? TakeDeductible(ref Draft draft)
    {
        var deductible = draft.Rules[Parameter.OutpatientYearlyDeductible];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.OutpatientYearlyDeductible);

        var before = draft.Count(CounterId.OutpatientDeductiblePaid);
        draft.DeductibleStandard = deductible;
        draft.DeductiblePaid = Math.Min(Math.Max(0, deductible - before), draft.Parts.InScope);
        draft.Add(new RuleStep
        {
            Code = StepCode.YearDeductibleTaken,
            Parameter = Parameter.OutpatientYearlyDeductible,
            Counter = CounterId.OutpatientDeductiblePaid,
            Base = draft.Parts.InScope,
            Amount = draft.DeductiblePaid,
            Before = before,
            After = before + draft.DeductiblePaid,
            To = deductible,
        });
        return null;
    }

    private static Refusal? Pay(ref Draft draft, Parameter ratio, int ratioCell, Parameter cap, int capCell, CounterId counter)
    {
        var bp = draft.Rules[ratio, ratioCell];
        if (bp == RuleSet.Unpublished)
            return draft.Unpublished(ratio, ratioCell);

        var limit = draft.Rules[cap, capCell];
        if (limit == RuleSet.Unpublished)
            return draft.Unpublished(cap, capCell);

        var above = draft.Parts.InScope - draft.DeductiblePaid;
        PooledFund.Round(ref draft, PooledFund.Part(ref draft, above, bp, ratio), above, ratio);
        var before = IsJoint(draft) ? draft.Count(CounterId.OutpatientPaid) + draft.Count(CounterId.TwoDiseasePaid) : draft.Count(counter);
        PooledFund.Limit(ref draft, cap, limit, counter, before);
        return null;
    }

    private static OutpatientTrait TraitOf(Facility facility)
    {
        if (facility.CountyLevel2 && facility.Level == FacilityLevel.Level2)
            return OutpatientTrait.CountyLevel2;

        if (facility.Kind is FacilityKind.Psychiatric or FacilityKind.Infectious)
            return OutpatientTrait.PsychiatricOrInfectious;

        if (facility.EssentialDrugs && facility.Level == FacilityLevel.Primary)
            return OutpatientTrait.EssentialDrugs;

        return facility.Kind switch
        {
            FacilityKind.CollegeClinic => OutpatientTrait.CollegeClinic,
            FacilityKind.Tcm => OutpatientTrait.Tcm,
            _ => OutpatientTrait.Plain,
        };
    }
}
