namespace Settlement.Policy;

/// <summary>The outpatient facility a person has chosen for the calendar year (4.5).</summary>
internal static class ChosenFacility
{
    /// <summary>The choice that holds on the service date, or null.</summary>
    public static ChosenFacilityFact? Of(in Draft draft)
    {
        foreach (var choice in draft.Account.Facts.ChosenFacilities)
            if (choice.Year == draft.Claim.DischargeDate.Year)
                return choice;

        return null;
    }

    /// <summary>
    /// Whether the visit is at the chosen facility; a chosen township hospital, and only such a one, brings its village clinics.
    /// </summary>
    public static bool IsAt(in Draft draft)
    {
        var facility = draft.Claim.Facility;
        return Of(draft) is { } choice
            && (choice.Code == facility.Code
                || (choice.Kind == FacilityKind.TownshipHospital && facility.Kind == FacilityKind.VillageClinic
                    && facility.Parent == choice.Code));
    }
}
