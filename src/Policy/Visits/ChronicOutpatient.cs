namespace Settlement.Policy;

/// <summary>
/// Chronic and special outpatient visits (4.4): a ratio by disease and level, without a deductible, for a certified disease.
/// </summary>
internal static class ChronicOutpatient
{
    /// <summary>Period numbers of months begin after those of quarters: 11 is January.</summary>
    private const int BeforeJanuary = 10;

    public static Refusal? Refuse(ref Draft draft)
    {
        var (claim, scheme) = (draft.Claim, draft.Pack.For(draft.Claim.Scheme)!);
        DateOnly? earliest = null;
        foreach (var certification in draft.Account.Facts.Certifications)
            if (certification.Disease == claim.Disease && Certifications.StartOf(certification, scheme) is { } start
                && !(earliest <= start))
                earliest = start;

        if (earliest is not { } from || from > claim.DischargeDate)
            return draft.Refuse(
                RefusalCode.NoCertification, "disease", claim.Disease.Text(), "a certification in force on the service date",
                Parameter.CertificationDelay);

        draft.Add(new RuleStep { Code = StepCode.Certified, Parameter = Parameter.CertificationDelay, From = from.DayNumber });
        return null;
    }

    public static Refusal? Share(ref Draft draft)
    {
        var (claim, rules) = (draft.Claim, draft.Rules);
        var cell = ((int)claim.Disease * FacilityTiers) + (int)claim.Facility.Tier;
        var ratio = rules[Parameter.ChronicRatio, cell];
        if (ratio == RuleSet.Unpublished)
            return draft.Unpublished(Parameter.ChronicRatio, cell);

        PooledFund.Flat(ref draft, ratio, Parameter.ChronicRatio);
        Limit(ref draft, Parameter.ChronicMonthlyLimit, MonthOf(draft));
        Limit(ref draft, Parameter.ChronicYearlyLimit, YearOf(draft));
        return null;
    }

    /// <summary>Counts what a pack limits, and nothing else.</summary>
    public static void Count(ref Draft draft)
    {
        var disease = (int)draft.Claim.Disease;
        if (draft.Rules[Parameter.ChronicMonthlyLimit, disease] != RuleSet.Unpublished)
            draft.Move(MonthOf(draft), draft.Pooled);

        if (draft.Rules[Parameter.ChronicYearlyLimit, disease] != RuleSet.Unpublished)
            draft.Move(YearOf(draft), draft.Pooled);
    }

    private const int FacilityTiers = (int)FacilityTier.Unrated + 1;

    private static void Limit(ref Draft draft, Parameter parameter, CounterKey paid)
    {
        var limit = draft.Rules[parameter, (int)draft.Claim.Disease];
        if (limit != RuleSet.Unpublished)
            PooledFund.Limit(ref draft, parameter, limit, paid.Id, draft.Count(paid), paid.Period);
    }

    private static CounterKey MonthOf(in Draft draft)
        => new(CounterId.DiseaseMonthPaid, draft.Claim.DischargeDate.Year, BeforeJanuary
            + draft.Claim.DischargeDate.Month, (byte)draft.Claim.Disease);

    private static CounterKey YearOf(in Draft draft)
        => new(CounterId.DiseaseYearPaid, draft.Claim.DischargeDate.Year, 0, (byte)draft.Claim.Disease);
}
