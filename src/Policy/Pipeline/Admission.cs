namespace Settlement.Policy;

/// <summary>Pooled fund of an admission: deductible, its exemptions, and the ratio bands (4.1, 4.2, 4.7).</summary>
internal static class Admission
{
    public static Refusal? Apply(ref Draft draft)
    {
        if (IsLocalEmergencyOutside(draft.Claim)
            && (EmergencyBasis)draft.Rules[Parameter.InpatientEmergencyBasis] == EmergencyBasis.OwnValues)
            return EmergencyOutsideTheContract(ref draft);

        var atHome = draft.Kind == OutOfAreaKind.Local || draft.Rules.Has(Parameter.MaternityAsLocal, draft.Claim.VisitType);
        if (!atHome && !Factored(draft))
            return FixedOutOfArea(ref draft);

        return ByLevel(ref draft, atHome);
    }

    /// <summary>An emergency admission in the city at a facility without a contract.</summary>
    public static bool IsLocalEmergencyOutside(Claim claim)
        => claim.Emergency && claim.VisitType == VisitType.Inpatient && !claim.Facility.Designated && Place.IsLocal(claim);

    /// <summary>Whether the kind of place is a factor on the local table; else its values are fixed.</summary>
    private static bool Factored(in Draft draft) =>
        draft.Rules[Parameter.OutOfAreaDeductibleFactor, (int)draft.Kind] != RuleSet.Unpublished;

    private static Refusal? EmergencyOutsideTheContract(ref Draft draft)
    {
        var cell = (int)draft.Insured;
        var deductible = draft.Rules[Parameter.InpatientEmergencyDeductible, cell];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.InpatientEmergencyDeductible, cell);

        var ratio = draft.Rules[Parameter.InpatientEmergencyRatio, cell];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.InpatientEmergencyRatio, cell);

        draft.Add(new RuleStep { Code = StepCode.Deductible, Parameter = Parameter.InpatientEmergencyDeductible, Amount = deductible });
        TakeDeductible(ref draft, deductible, Parameter.InpatientEmergencyDeductible);
        PooledFund.Share(ref draft, [new RatioBand(0, long.MaxValue, (int)ratio)], 0, Parameter.InpatientEmergencyRatio);
        return null;
    }

    private static Refusal? FixedOutOfArea(ref Draft draft)
    {
        var cell = ((int)draft.Kind * 2) + (int)Place.ProvinceOf(draft.Claim);
        var deductible = draft.Rules[Parameter.OutOfAreaDeductible, cell];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.OutOfAreaDeductible, cell);

        var ratio = draft.Rules[Parameter.OutOfAreaRatio, cell];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.OutOfAreaRatio, cell);

        draft.Add(new RuleStep { Code = StepCode.Deductible, Parameter = Parameter.OutOfAreaDeductible, Amount = deductible });
        if (Waived(ref draft, deductible))
            deductible = 0;

        TakeDeductible(ref draft, deductible, Parameter.OutOfAreaDeductible);
        PooledFund.Share(ref draft, [new RatioBand(0, long.MaxValue, (int)ratio)], 0, Parameter.OutOfAreaRatio);
        CountAdmission(ref draft);
        return null;
    }

    private static Refusal? ByLevel(ref Draft draft, bool atHome)
    {
        var cell = ((int)draft.Claim.Facility.Tier * InsuredCategories) + (int)draft.Insured;
        var deductible = draft.Rules[Parameter.InpatientDeductible, cell];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.InpatientDeductible, cell);

        if (draft.Rules.Bands(Parameter.InpatientRatio, cell) is not { } bands)
            return draft.Unpublished(Parameter.InpatientRatio, cell);

        draft.Add(new RuleStep { Code = StepCode.Deductible, Parameter = Parameter.InpatientDeductible, Amount = deductible });
        var reduction = 0;
        if (!atHome)
        {
            var points = draft.Rules[Parameter.OutOfAreaRatioReduction, (int)draft.Kind];
            if (points == RuleSet.Unpublished)
                return draft.Unpublished(Parameter.OutOfAreaRatioReduction, (int)draft.Kind);

            var seriousIllnessPoints = draft.Rules[Parameter.OutOfAreaSeriousIllnessReduction, (int)draft.Kind];
            if (seriousIllnessPoints == RuleSet.Unpublished)
                return draft.Unpublished(Parameter.OutOfAreaSeriousIllnessReduction, (int)draft.Kind);

            reduction = (int)points;
            draft.SeriousIllnessReduction = (int)seriousIllnessPoints;
            deductible = Multiply(ref draft, deductible);
        }

        if (Waived(ref draft, deductible))
            deductible = 0;
        else if (atHome)
            deductible = Reduce(ref draft, deductible);

        TakeDeductible(ref draft, deductible, Parameter.InpatientDeductible);
        if (reduction > 0)
            draft.Add(new RuleStep { Code = StepCode.RatioReduced, Parameter = Parameter.OutOfAreaRatioReduction, RateBp = reduction });

        PooledFund.Share(ref draft, bands, reduction, Parameter.InpatientRatio);
        CountAdmission(ref draft);
        return null;
    }

    private const int InsuredCategories = 4;

    private static long Multiply(ref Draft draft, long deductible)
    {
        var factor = draft.Rules[Parameter.OutOfAreaDeductibleFactor, (int)draft.Kind];
        var multiplied = Rounding.HalfUp(deductible * factor);
        if (multiplied != deductible)
            draft.Add(new RuleStep
            {
                Code = StepCode.DeductibleMultiplied,
                Parameter = Parameter.OutOfAreaDeductibleFactor,
                Base = deductible,
                RateBp = (int)factor,
                Amount = multiplied,
            });

        return multiplied;
    }

    /// <summary>
    /// Exemptions hold at designated facilities of the city only, unless the pack says otherwise; a delivery's waiver holds everywhere.
    /// </summary>
    private static bool Waived(ref Draft draft, long deductible)
    {
        var (claim, rules) = (draft.Claim, draft.Rules);
        if (rules.Has(Parameter.MaternityDeductibleWaived, claim.VisitType))
        {
            draft.Add(new RuleStep
            {
                Code = StepCode.DeductibleWaivedDelivery,
                Parameter = Parameter.MaternityDeductibleWaived,
                Base = deductible,
            });
            return true;
        }

        if (draft.Kind != OutOfAreaKind.Local && !rules.IsYes(Parameter.OutOfAreaExemptions))
            return false;

        var free = (claim.Diagnoses & rules.DiagnosesIn(Parameter.InpatientDeductibleFree, (int)draft.Insured)) != 0;
        if (free && (claim.Facility.Specialised || !rules.IsYes(Parameter.InpatientDeductibleFreeSpecialised)))
        {
            draft.Add(new RuleStep
            {
                Code = StepCode.DeductibleWaivedForDisease,
                Parameter = Parameter.InpatientDeductibleFree,
                Base = deductible,
            });
            return true;
        }

        var earlier = draft.Count(CounterId.OncologyAdmissions);
        if (!IsOnceAYear(draft) || earlier == 0)
            return false;

        draft.Add(new RuleStep
        {
            Code = StepCode.DeductibleWaivedOncology,
            Parameter = Parameter.InpatientOnceAYear,
            Base = deductible,
            Counter = CounterId.OncologyAdmissions,
            Before = earlier,
            After = earlier + 1,
        });
        return true;
    }

    /// <summary>Each earlier admission of the year lowers the deductible by a step, down to a floor, where the pack says so.</summary>
    private static long Reduce(ref Draft draft, long deductible)
    {
        var step = draft.Rules[Parameter.InpatientDeductibleStep];
        var earlier = draft.Count(CounterId.Admissions);
        if (step is RuleSet.Unpublished or 0 || earlier == 0)
            return deductible;

        var floor = Math.Max(0, draft.Rules[Parameter.InpatientDeductibleFloor]);
        var reduced = Math.Min(deductible, Math.Max(floor, deductible - (step * earlier)));
        draft.Add(new RuleStep
        {
            Code = StepCode.DeductibleReduced,
            Parameter = Parameter.InpatientDeductibleStep,
            Base = deductible,
            Amount = reduced,
            Counter = CounterId.Admissions,
            Before = earlier,
            After = earlier + 1,
        });
        return reduced;
    }

    private static void TakeDeductible(ref Draft draft, long deductible, Parameter parameter)
    {
        draft.DeductibleStandard = deductible;
        draft.DeductiblePaid = Math.Min(deductible, draft.Parts.InScope);
        draft.Add(new RuleStep
        {
            Code = StepCode.DeductibleTaken,
            Parameter = parameter,
            Base = draft.Parts.InScope,
            Amount = draft.DeductiblePaid,
        });
    }

    /// <summary>Whether the admission is one of those of which only the year's first pays the deductible.</summary>
    private static bool IsOnceAYear(in Draft draft)
        => draft.Rules.Has(Parameter.InpatientOnceAYearVisitTypes, draft.Claim.VisitType)
            && (draft.Claim.Diagnoses & draft.Rules.DiagnosesIn(Parameter.InpatientOnceAYear)) != 0;

    private static void CountAdmission(ref Draft draft)
    {
        if (IsOnceAYear(draft))
            draft.Move(CounterId.OncologyAdmissions, 1);

        if (draft.Rules[Parameter.InpatientDeductibleStep] > 0)
            draft.Move(CounterId.Admissions, 1);
    }
}
