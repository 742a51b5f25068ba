namespace Settlement.Policy;

/// <summary>
/// Outpatient pooling and two-disease drugs where both are counted by the year (section 7): no chosen facility, a ratio by level and trait of the facility,
/// one deductible, and caps that are joint while the pack gives a joint cap, separate once it says there is none.
/// </summary>
internal static class YearlyOutpatient
{
    private const int Traits = 6;

    /// <summary>Whether the pack counts outpatient benefits this way on the day.</summary>
    public static bool Applies(in Draft draft)
        => draft.Claim.VisitType is VisitType.OutpatientPooling or VisitType.TwoDisease && draft.Rules.Publishes(Parameter.OutpatientYearlyCap);

    public static Refusal? Apply(ref Draft draft)
    {
        var twoDisease = draft.Claim.VisitType == VisitType.TwoDisease;
        if (twoDisease && (WrongFacility(draft) ?? NotFiled(draft)) is { } unfit)
            return unfit;

        if (!draft.Rules.Has(Parameter.OutpatientYearlyKinds, draft.Kind))
            return draft.Unpublished(Parameter.OutpatientYearlyKinds);

        var filed = FiledOn(draft);
        return IsJoint(draft) || !twoDisease
            ? WithDeductible(ref draft, twoDisease) ?? Capped(ref draft, twoDisease, filed)
            : Share(ref draft, Parameter.OutpatientYearlyTwoDiseaseRatio, 0) ?? Capped(ref draft, twoDisease, filed);
    }

    private static Refusal? WrongFacility(in Draft draft)
        => draft.Rules.Has(Parameter.OutpatientYearlyTwoDiseaseLevels, draft.Claim.Facility.Tier)
            ? null
            : draft.Refuse(RefusalCode.NotChosenFacility, "facility.level", draft.Claim.Facility.Level.Text(), "level 2 or below", Parameter.OutpatientYearlyTwoDiseaseLevels);

    /// <summary>The claim's own disease must be filed.</summary>
    private static Refusal? NotFiled(in Draft draft)
    {
        foreach (var filing in draft.Account.Facts.TwoDiseaseFilings)
            if (filing.Disease == draft.Claim.Disease && filing.FiledOn <= draft.Claim.DischargeDate)
                return null;

        return draft.Refuse(RefusalCode.NoFiling, "disease", draft.Claim.Disease.Text(), "a disease filed by the day of service");
    }

    /// <summary>What the person is filed for on the day of service: diabetes decides as soon as it is filed.</summary>
    private static TwoDiseaseFiling? FiledOn(in Draft draft)
    {
        TwoDiseaseFiling? filed = null;
        foreach (var filing in draft.Account.Facts.TwoDiseaseFilings)
            if (filing.FiledOn <= draft.Claim.DischargeDate && filed != TwoDiseaseFiling.Diabetes)
                filed = filing.Disease == Disease.Diabetes ? TwoDiseaseFiling.Diabetes : TwoDiseaseFiling.Hypertension;

        return filed;
    }

    /// <summary>One deductible and one cap for both benefits.</summary>
    private static bool IsJoint(in Draft draft)
        => draft.Rules[Parameter.OutpatientYearlyJointCap, (int)TwoDiseaseFiling.Hypertension] is not (RuleSet.Unpublished or RuleSet.NoLimit);

    private static Refusal? WithDeductible(ref Draft draft, bool twoDisease)
    {
        var deductible = draft.Rules[Parameter.OutpatientYearlyDeductible];
        if (deductible == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.OutpatientYearlyDeductible);

        var before = draft.Count(CounterId.OutpatientDeductiblePaid);
        draft.DeductibleStandard = deductible;
        draft.DeductiblePaid = Math.Min(Math.Max(0, deductible - before), draft.Parts.InScope);
        draft.Move(CounterId.OutpatientDeductiblePaid, draft.DeductiblePaid);
        draft.Add(new RuleStep { Code = StepCode.Deductible, Parameter = Parameter.OutpatientYearlyDeductible, Amount = deductible });
        draft.Add(new RuleStep
        {
            Code = StepCode.DeductibleTaken,
            Parameter = Parameter.OutpatientYearlyDeductible,
            Counter = CounterId.OutpatientDeductiblePaid,
            Base = draft.Parts.InScope,
            Amount = draft.DeductiblePaid,
            Before = before,
            After = before + draft.DeductiblePaid,
        });
        return twoDisease
            ? Share(ref draft, Parameter.OutpatientYearlyTwoDiseaseRatio, 0)
            : Share(ref draft, Parameter.OutpatientYearlyRatio, ((int)draft.Claim.Facility.Tier * Traits) + (int)TraitOf(draft.Claim.Facility));
    }

    private static Refusal? Share(ref Draft draft, Parameter ratio, int cell)
    {
        var bp = draft.Rules[ratio, cell];
        if (bp == RuleSet.Unpublished)
            return draft.Unpublished(ratio, cell);

        PooledFund.Share(ref draft, [new RatioBand(0, long.MaxValue, (int)bp)], 0, ratio);
        return null;
    }

    private static Refusal? Capped(ref Draft draft, bool twoDisease, TwoDiseaseFiling? filed)
    {
        var counter = twoDisease ? CounterId.TwoDiseasePaid : CounterId.OutpatientPaid;
        var joint = IsJoint(draft);
        var (parameter, cell) = (joint, twoDisease, filed) switch
        {
            (true, _, { } by) => (Parameter.OutpatientYearlyJointCap, (int)by),
            (false, true, { } by) => (Parameter.OutpatientYearlyTwoDiseaseCap, (int)by),
            _ => (Parameter.OutpatientYearlyCap, 0),
        };
        var cap = draft.Rules[parameter, cell];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(parameter, cell);

        var before = joint ? draft.Count(CounterId.OutpatientPaid) + draft.Count(CounterId.TwoDiseasePaid) : draft.Count(counter);
        var remaining = Math.Max(0, cap - before);
        if (draft.Pooled > remaining)
        {
            draft.Add(new RuleStep
            {
                Code = StepCode.BenefitCapped,
                Parameter = parameter,
                Counter = counter,
                Base = draft.Pooled,
                Amount = remaining,
                Before = before,
                After = before + remaining,
                To = cap,
            });
            draft.Pooled = remaining;
        }

        return null;
    }

    /// <summary>Moves the counter of the benefit by what the fund finally pays, after the yearly cap of the pooled fund.</summary>
    public static void Count(ref Draft draft)
        => draft.Move(draft.Claim.VisitType == VisitType.TwoDisease ? CounterId.TwoDiseasePaid : CounterId.OutpatientPaid, draft.Pooled);

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
