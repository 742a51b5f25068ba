namespace Settlement.Policy;

/// <summary>Grounds of refusal before any amount is worked out, in the order of precedence of the codes.</summary>
internal static class Conditions
{
    public static Refusal? Check(ref Draft draft)
        => Covered(ref draft) ?? PayablePlace(draft) ?? Designated(draft) ?? Sound(draft) ?? VisitTypes.Refuse(ref draft);

    private static Refusal? Covered(ref Draft draft)
    {
        var (facts, claim, rules) = (draft.Account.Facts, draft.Claim, draft.Rules);
        var day = claim.CareDate;
        var field = claim.IsAdmission ? "admissionDate" : "dischargeDate";
        if (facts.CategoryOn(day) is not { } category)
            return draft.Refuse(RefusalCode.NotCovered, field, $"{day:yyyy-MM-dd}", "an insured category on that day");

        if (Cover.On(facts, rules, claim.Scheme, day) is not { } cover)
            return draft.Refuse(RefusalCode.NotCovered, field, $"{day:yyyy-MM-dd}", "a day of cover", Parameter.CoverageBasis);

        draft.Insured = category;
        draft.Kind = Place.Derive(draft);
        draft.Add(new RuleStep
        {
            Code = StepCode.Covered,
            Parameter = Parameter.CoverageBasis,
            From = cover.From.DayNumber,
            To = cover.To.DayNumber,
        });
        draft.Add(new RuleStep
        {
            Code = StepCode.PlaceDerived,
            Parameter = Parameter.OutOfAreaKinds,
            Base = (long)draft.Kind,
            Amount = claim.Facility.Division,
        });
        return null;
    }

    public static Refusal? PayablePlace(in Draft draft)
    {
        var facility = draft.Claim.Facility;
        if (facility.Division is < 0 or > 999_999)
            return draft.Refuse(RefusalCode.NotPayableRegion, "facility.division", $"{facility.Division}", "a division code of six digits");

        if (facility.Abroad || draft.Rules.HasCode(Parameter.PlaceNotPayable, Places.ProvinceOf(facility.Division)))
            return draft.Refuse(
                RefusalCode.NotPayableRegion, "facility.division", $"{facility.Division:000000}", "a place on the mainland",
                Parameter.PlaceNotPayable);

        return draft.Rules.Has(Parameter.PlaceInProvinceOnly, draft.Claim.VisitType) && Place.ProvinceOf(draft.Claim) == Province.Outside
            ? draft.Refuse(
                RefusalCode.NotPayableRegion, "facility.division", $"{facility.Division:000000}", "a place in the province",
                Parameter.PlaceInProvinceOnly)
            : null;
    }

    private static Refusal? Designated(in Draft draft)
    {
        var claim = draft.Claim;
        if (claim.Facility.Designated || draft.Rules.Has(Parameter.FacilityAny, claim.VisitType))
            return null;

        return Admission.IsLocalEmergencyOutside(claim) && draft.Rules.Publishes(Parameter.InpatientEmergencyBasis)
            ? null
            : draft.Refuse(RefusalCode.FacilityNotDesignated, "facility.designated", "false", "true");
    }

    public static Refusal? Sound(in Draft draft)
    {
        var claim = draft.Claim;
        if (!claim.IsAdmission)
            return null;

        if (claim.AdmissionDate is not { } admitted)
            return draft.Refuse(RefusalCode.ConditionNotMet, "admissionDate", null, "a day");

        return admitted > claim.DischargeDate
            ? draft.Refuse(
                RefusalCode.ConditionNotMet, "admissionDate", $"{admitted:yyyy-MM-dd}", $"{claim.DischargeDate:yyyy-MM-dd} or earlier")
            : null;
    }
}
