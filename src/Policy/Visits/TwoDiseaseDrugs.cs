namespace Settlement.Policy;

/// <summary>Drugs for hypertension and diabetes (4.6): one ratio without a deductible, within a yearly cap by what is filed.</summary>
internal static class TwoDiseaseDrugs
{
    public static Refusal? Refuse(ref Draft draft)
    {
        var claim = draft.Claim;
        if (!draft.Rules.Has(Parameter.TwoDiseaseTiers, claim.Facility.Tier) && !ChosenFacility.IsAt(draft))
            return draft.Refuse(
                RefusalCode.NotChosenFacility,
                "facility.code",
                claim.Facility.Code,
                "the chosen outpatient facility or one of a lower level",
                Parameter.TwoDiseaseTiers);

        if (FiledOn(draft, claim.Disease) is not { } filed)
            return draft.Refuse(RefusalCode.NoFiling, "disease", claim.Disease.Text(), "a filing on or before the service date");

        draft.Add(new RuleStep { Code = StepCode.DiseaseFiled, Parameter = Parameter.TwoDiseaseCap, From = filed.DayNumber });
        return null;
    }

    public static Refusal? Share(ref Draft draft)
    {
        var ratio = draft.Rules[Parameter.TwoDiseaseRatio];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.TwoDiseaseRatio);

        var filed = FiledFor(draft) ?? FiledDiseases.HypertensionOnly;
        var cap = draft.Rules[Parameter.TwoDiseaseCap, (int)filed];
        if (cap == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.TwoDiseaseCap, (int)filed);

        PooledFund.Flat(ref draft, ratio, Parameter.TwoDiseaseRatio);
        PooledFund.Limit(ref draft, Parameter.TwoDiseaseCap, cap, CounterId.TwoDiseasePaid, draft.Count(CounterId.TwoDiseasePaid));
        return null;
    }

    /// <summary>What the person has filed by the service date: diabetes decides as soon as it is filed, for both diseases.</summary>
    public static FiledDiseases? FiledFor(in Draft draft)
        => FiledOn(draft, Disease.Diabetes) is not null ? FiledDiseases.Diabetes
            : FiledOn(draft, Disease.Hypertension) is not null ? FiledDiseases.HypertensionOnly
            : null;

    /// <summary>First day on which the disease was filed, when that is not after the service date.</summary>
    private static DateOnly? FiledOn(in Draft draft, Disease disease)
    {
        foreach (var filing in draft.Account.Facts.TwoDiseaseFilings)
            if (filing.Disease == disease && filing.FiledOn <= draft.Claim.DischargeDate)
                return filing.FiledOn;

        return null;
    }
}
