namespace Settlement.Policy;

/// <summary>Where a visit lies, derived from facts; what the hospital states is only compared (section 2).</summary>
internal static class Place
{
    /// <summary>The first kind that holds, in the declared order: local, long-term, referral, critical emergency, temporary.</summary>
    public static OutOfAreaKind Derive(in Draft draft)
    {
        var (claim, rules) = (draft.Claim, draft.Rules);
        if (IsLocal(claim))
            return OutOfAreaKind.Local;

        if (rules.Has(Parameter.OutOfAreaKinds, OutOfAreaKind.LongTerm) && IsLongTerm(draft))
            return OutOfAreaKind.LongTerm;

        if (claim.Referral && rules.Has(Parameter.OutOfAreaKinds, OutOfAreaKind.Referral))
            return OutOfAreaKind.Referral;

        var critical = claim.Emergency && (claim.Diagnoses & Diagnoses.ListedCriticalDisease) != 0;
        return critical && rules.Has(Parameter.OutOfAreaKinds, OutOfAreaKind.CriticalEmergency)
            ? OutOfAreaKind.CriticalEmergency
            : OutOfAreaKind.Temporary;
    }

    /// <summary>In the prefecture of the pooling region.</summary>
    public static bool IsLocal(Claim claim) => !claim.Facility.Abroad && Places.SamePrefecture(claim.Facility.Division, claim.Region);

    /// <summary>Inside or outside the province of the pooling region.</summary>
    public static Province ProvinceOf(Claim claim)
        => Places.SameProvince(claim.Facility.Division, claim.Region) ? Province.Inside : Province.Outside;

    private static bool IsLongTerm(in Draft draft)
        => draft.Rules.Has(Parameter.OutOfAreaLongTermEverywhere, draft.Insured)
            || Filings.CountFor(draft.Account.Facts, draft.Rules, draft.Claim.Facility.Division, draft.Claim.DischargeDate);
}
