using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Settlement.Policy;
using static Settlement.Tests.Histories.Bills;

namespace Settlement.Tests.Histories;

/// <summary>
/// Residents of Shenyang, 2025 and 2026: every visit type, level, kind of place and category, with everything that may be registered in
/// between.
/// </summary>
internal static class ShenyangHistories
{
    public const int Region = 210100;
    private const int Shanghai = 310100;
    private const string FirstDay = "2025-01-01";
    private const int Days = 730;

    private static readonly Diagnoses[] Markers =
    [
        Diagnoses.None, Diagnoses.None, Diagnoses.OncologyTreatment, Diagnoses.OncologyTreatment, Diagnoses.Aids,
            Diagnoses.SevereMentalDisorder, Diagnoses.ListedCriticalDisease,
        Diagnoses.InfectiousHepatitis, Diagnoses.InfiltrativeTuberculosis, Diagnoses.ChronicFibroCavitaryTuberculosis,
            Diagnoses.OncologyTreatment | Diagnoses.MentalIllness,
    ];

    private static readonly Disease[] Certified = [
        Disease.Dialysis, Disease.Stroke, Disease.HaemophiliaMild, Disease.TumourEndocrine, Disease.Copd, Disease.MentalIllnessOrdinary];

    private static readonly Gen<Claim> Stay =
        from type in Gen.Frequency(
            (6, Gen.Constant(VisitType.Inpatient)), (1, Gen.Constant(VisitType.Delivery)), (1, Gen.Constant(VisitType.FamilyPlanning)))
        from level in Gen.Elements(Enum.GetValues<FacilityLevel>())
        from division in Gen.Frequency(
            (6, Gen.Constant(Region)), (1, Gen.Constant(210124)), (3, Gen.Constant(Beijing)), (2, Gen.Constant(Shanghai)),
            (1, Gen.Constant(Taiwan)))
        from markers in Gen.Elements(Markers)
        from designated in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        from assistance in Gen.Elements(true, false)
        from emergency in Gen.Elements(true, false)
        from referral in Maybe(Gen.Constant(true), false, of: 4)
        from discharged in DayFrom(FirstDay, Days)
        from nights in Gen.Choose(0, 40)
        from totals in Totals(Large)
        from stated in Maybe(Gen.Elements(Enum.GetValues<OutOfAreaKind>()).Select(k => (OutOfAreaKind?)k), null, of: 5)
        select new Claim
        {
            Region = Region,
            VisitType = type,
            Facility = At(level, division) with { Designated = designated, AssistanceDesignated = assistance },
            AdmissionDate = discharged.AddDays(-nights),
            DischargeDate = discharged,
            Diagnoses = markers,
            Emergency = emergency,
            Referral = referral,
            StatedKind = stated,
            Totals = totals,
        };

    private static readonly Facility[] Clinics =
    [
        At(FacilityLevel.Primary, Region) with { Code = "T1", Kind = FacilityKind.TownshipHospital },
        At(FacilityLevel.Primary, Region) with { Code = "V1", Kind = FacilityKind.VillageClinic, Parent = "T1" },
        At(FacilityLevel.Primary, Beijing) with { Code = "T2", Kind = FacilityKind.TownshipHospital },
        At(FacilityLevel.Level1, Region),
        At(FacilityLevel.Level2, Region),
        At(FacilityLevel.Level2, Shanghai),
        At(FacilityLevel.Level3, Region),
        At(FacilityLevel.Unrated, Region),
        At(FacilityLevel.Level2, 210200),
    ];

    private static readonly VisitType[] OutpatientTypes =
    [
        VisitType.EmergencyOutpatient, VisitType.Chronic, VisitType.OutpatientPooling, VisitType.OutpatientPooling, VisitType.TwoDisease,
            VisitType.Prenatal,
        VisitType.AssistedReproduction, VisitType.AssistedReproduction, VisitType.HighValueDrug,
    ];

    private static readonly Gen<Claim> Outpatient =
        from type in Gen.Elements(OutpatientTypes)
        from facility in Gen.Frequency((4, Gen.Elements(Clinics.Take(2))), (3, Gen.Elements(Clinics)))
        from disease in type == VisitType.TwoDisease ? Gen.Elements(Disease.Hypertension, Disease.Diabetes) : Gen.Elements(Certified)
        from reference in Gen.Elements("R1", "R2", "R3")
        from totals in Totals(Small)
        from fee in Gen.Elements(0L, 50L, 600L, 777L, 1000L)
        from critical in Gen.Frequency((5, Gen.Constant(Diagnoses.ListedCriticalDisease)), (1, Gen.Constant(Diagnoses.None)))
        from treatment in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
        from day in DayFrom(FirstDay, Days)
        select new Claim
        {
            Region = Region,
            VisitType = type,
            Facility = facility,
            DischargeDate = day,
            Diagnoses = critical,
            TreatmentFeeItem = treatment,
            Disease = type is VisitType.Chronic or VisitType.TwoDisease ? disease : Disease.None,
            Pregnancy = type == VisitType.Prenatal ? reference : null,
            Cycle = type == VisitType.AssistedReproduction ? reference : null,
            GeneralFee = type == VisitType.OutpatientPooling ? Math.Min(fee, totals.InScope!.Value) : 0,
            Totals = totals,
        };

    private static readonly Gen<Claim> Claims =
        from claim in Gen.Frequency((2, Stay), (3, Outpatient))
        from bill in Gen.Frequency((7, Gen.Constant(claim)), (1, InLines(claim)))
        select bill;

    private static readonly Gen<Fact> Filing =
        from id in Gen.Elements("F1", "F2", "F3")
        from place in Gen.Elements(Beijing, Shanghai)
        from basis in Gen.Elements(Enum.GetValues<FilingBasis>())
        from filed in DayFrom("2024-09-01", 500)
        from days in Gen.Choose(1, 700)
        from issued in Gen.Elements(true, false)
        select (Fact)new FilingFact(id, place, basis, filed, issued
            ? filed.AddDays(-30) : null, issued && basis == FilingBasis.ResidencePermit ? null : filed.AddDays(days));

    private static readonly Gen<Fact> Group =
        from groups in Gen.Elements(Enum.GetValues<SocialGroup>())
        from first in DayFrom("2024-06-01", 700)
        from days in Maybe(Gen.Choose(1, 500).Select(d => (int?)d), null)
        select (Fact)new GroupFact(groups, first, days is { } length ? first.AddDays(length) : null);

    private static readonly Gen<Fact> Facts = Gen.Frequency(
        (3, Group),
        (2, from left in Gen.Elements(Enum.GetValues<SocialGroup>()) from day in DayFrom("2024-06-01", 900) select (Fact)new GroupEndFact(
            left, day)),
        (2, Filing),
        (2, from id in Gen.Elements("F1", "F2", "F3") from day in DayFrom("2025-01-01", 600) select (Fact)new FilingEndFact(id, day)),
        (2, from disease in Gen.Elements(Certified) from day in DayFrom("2024-06-01", 700) select (Fact)new CertificationFact(
            disease, day)),
        (2, from disease in Gen.Elements(Disease.Hypertension, Disease.Diabetes) from day in DayFrom("2024-06-01", 700) select (
            Fact)new TwoDiseaseFact(disease, day)),
        (1, from year in Gen.Choose(2025, 2026)
            from clinic in Gen.Elements(Clinics)
            select (Fact)new ChosenFacilityFact(year, clinic.Code, clinic.Kind)),
        (1, from category in Gen.Elements(Enum.GetValues<InsuredCategory>()) from day in DayFrom("2025-02-01", 600) select (
            Fact)new InsuredFact(day, category)),
        (1, from year in Gen.Choose(2024, 2027) from day in DayFrom("2024-09-01", 500) select (Fact)new ContributionFact(year, day)),
        (1, from day in DayFrom("2025-01-01", 400) from days in Gen.Choose(10, 200) select (Fact)new EmployeeSpellFact(
            day, day.AddDays(days))));

    /// <summary>Persons of every insured category and any groups, most often covered, with a chosen facility and filings.</summary>
    public static Gen<ImmutableArray<Fact>> Persons =>
        from category in Gen.Elements(Enum.GetValues<InsuredCategory>())
        from groups in Gen.SubListOf(Enum.GetValues<SocialGroup>())
        from missed in Gen.Frequency((6, Gen.Constant(0)), (1, Gen.Choose(2024, 2026)))
        from certified in Gen.SubListOf(Certified)
        from filed in Gen.SubListOf([Disease.Hypertension, Disease.Diabetes])
        from place in Maybe(Filing.Select(f => (Fact?)f), null)
        from chosen in Gen.Frequency((4, Gen.Constant("T1")), (1, Gen.Constant("T2")))
        select (ImmutableArray<Fact>)
        [
            new BirthFact(Day(category is InsuredCategory.Adult ? "1980-05-20" : "2008-05-20")),
            new InsuredFact(Day("2020-01-01"), category),
            .. Enumerable.Range(2023, 4).Where(y => y != missed).Select(y => new ContributionFact(y, new DateOnly(y - 1, 10, 15))),
            .. groups.Select(g => new GroupFact(g, Day("2021-01-01"))),
            .. certified.Select(d => new CertificationFact(d, Day("2024-12-01"))),
            .. filed.Select(d => new TwoDiseaseFact(d, Day("2024-12-01"))),
            new ChosenFacilityFact(2025, chosen, FacilityKind.TownshipHospital),
            new ChosenFacilityFact(2026, "T1", FacilityKind.TownshipHospital),
            .. place is null ? Array.Empty<Fact>() : [place],
        ];

    public static Gen<Act> Acts => Gen.Frequency(Between(Claims, Facts, DayFrom("2025-03-01", 800)));
}
