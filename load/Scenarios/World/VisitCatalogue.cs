using Settlement.Contract;

namespace Settlement.Scenarios.World;

/// <summary>
/// A payable claim of each visit type. The shares are an assumption, not a statistic: mostly small outpatient bills, one stay in seven
/// visits. High-value drugs are left out: the city has not published their parameters, such a claim is refused.
/// </summary>
internal static class VisitCatalogue
{
    /// <summary>The disease everybody is certified for.</summary>
    public const string ChronicDisease = "STROKE";

    /// <summary>The disease everybody's two-disease treatment is filed for.</summary>
    public const string TwoDisease = "DIABETES";

    // Purposes of draws.
    private const int Place = 1;
    private const int Amount = 2;
    private const int OwnShare = 3;
    private const int Month = 4;
    private const int LastDay = 5;
    private const int FirstDay = 6;

    /// <summary>Visit types in a thousand.</summary>
    public static Weighted<Visit.Types.Type> Mix { get; } = new(
        (Visit.Types.Type.OutpatientPooling, 460),
        (Visit.Types.Type.Chronic, 220),
        (Visit.Types.Type.Inpatient, 150),
        (Visit.Types.Type.TwoDisease, 120),
        (Visit.Types.Type.EmergencyOutpatient, 20),
        (Visit.Types.Type.Prenatal, 15),
        (Visit.Types.Type.Delivery, 8),
        (Visit.Types.Type.FamilyPlanning, 4),
        (Visit.Types.Type.AssistedReproduction, 3));

    /// <summary>A claim of a type.</summary>
    /// <param name="type">The visit type.</param>
    /// <param name="chosen">The person's chosen facility.</param>
    /// <param name="draw">Decides place, day and amounts.</param>
    public static Claim Claim(Visit.Types.Type type, Facility chosen, Draw draw)
    {
        Claim claim = new()
        {
            Region = Hospitals.Region,
            Scheme = Scheme.Types.Kind.Resident,
            VisitType = type,
            Facility = FacilityOf(type, chosen, draw.For(Place)),
            DischargeDate = $"2026-{1 + draw.For(Month).Below(6):00}-{10 + draw.For(LastDay).Below(18):00}",
            Totals = Totals(Bill(type), draw),
        };
        switch (type)
        {
            case Visit.Types.Type.Inpatient or Visit.Types.Type.Delivery or Visit.Types.Type.FamilyPlanning:
                claim.AdmissionDate = $"{claim.DischargeDate[..8]}0{1 + draw.For(FirstDay).Below(9)}";
                break;
            case Visit.Types.Type.Chronic:
                claim.Disease = ChronicDisease;
                break;
            case Visit.Types.Type.TwoDisease:
                claim.Disease = TwoDisease;
                break;
            case Visit.Types.Type.EmergencyOutpatient:
                claim.TreatmentFeeItem = true;
                claim.Diagnoses.Add("LISTED_CRITICAL_DISEASE");
                break;
            case Visit.Types.Type.Prenatal:
                claim.Pregnancy = "PG1";
                break;
            case Visit.Types.Type.AssistedReproduction:
                claim.Cycle = "CY1";
                break;
        }

        return claim;
    }

    private static Facility FacilityOf(Visit.Types.Type type, Facility chosen, Draw draw) => type switch
    {
        Visit.Types.Type.OutpatientPooling => chosen,
        Visit.Types.Type.TwoDisease => Hospitals.UpToLevel2.Of(draw),
        Visit.Types.Type.Inpatient or Visit.Types.Type.Delivery or Visit.Types.Type.FamilyPlanning => Hospitals.WithBeds.Of(draw),
        Visit.Types.Type.Prenatal or Visit.Types.Type.AssistedReproduction or Visit.Types.Type.EmergencyOutpatient =>
            Hospitals.WithBeds.Of(draw),
        _ => Hospitals.All.Of(draw),
    };

    // Smallest and greatest usual bill in fen.
    private static (int Least, int Most) Bill(Visit.Types.Type type) => type switch
    {
        Visit.Types.Type.Inpatient => (200_000, 4_000_000),
        Visit.Types.Type.Delivery => (400_000, 1_600_000),
        Visit.Types.Type.FamilyPlanning => (100_000, 500_000),
        Visit.Types.Type.AssistedReproduction => (300_000, 1_500_000),
        Visit.Types.Type.EmergencyOutpatient => (50_000, 600_000),
        _ => (2_000, 80_000),
    };

    // One part in scope, up to a tenth of it beside it paid by the person alone.
    private static Totals Totals((int Least, int Most) bill, Draw draw)
    {
        long inScope = bill.Least + draw.For(Amount).Below(bill.Most - bill.Least);
        long selfFunded = inScope * draw.For(OwnShare).Below(11) / 100;
        return new Totals { Total = inScope + selfFunded, SelfFunded = selfFunded, InScope = inScope };
    }
}
