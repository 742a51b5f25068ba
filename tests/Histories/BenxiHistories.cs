using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Settlement.Policy;
using static Settlement.Tests.Histories.Bills;

namespace Settlement.Tests.Histories;

/// <summary>Residents and employees of Benxi from mid 2021 to mid 2023: across every change of its rules.</summary>
internal static class BenxiHistories
{
    public const int Region = 210500;

    private static readonly Diagnoses[] Markers =
    [
        Diagnoses.None, Diagnoses.None, Diagnoses.MentalIllness, Diagnoses.ViralLiverDisease, Diagnoses.PulmonaryTuberculosis,
            Diagnoses.Tuberculosis,
        Diagnoses.ListedChildhoodInfection, Diagnoses.ListedChildMajorDisease, Diagnoses.ListedCriticalDisease,
    ];

    private static readonly Gen<Facility> Facilities =
        from level in Gen.Frequency(
            (9, Gen.Elements(FacilityLevel.Primary, FacilityLevel.Level1, FacilityLevel.Level2, FacilityLevel.Level3)),
            (1, Gen.Elements(FacilityLevel.SpecialLevel3, FacilityLevel.Unrated)))
        from grade in Gen.Frequency((3, Gen.Elements(FacilityGrade.Grade3A, FacilityGrade.Grade3B)), (1, Gen.Constant(FacilityGrade.None)))
        from kind in Gen.Elements(Enum.GetValues<FacilityKind>())
        from division in Gen.Frequency(
            (6, Gen.Constant(Region)), (2, Gen.Constant(210100)), (2, Gen.Constant(Beijing)), (1, Gen.Constant(Taiwan)))
        from specialised in Gen.Elements(true, false)
        from designated in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select At(level, division) with
        {
            Grade = level == FacilityLevel.Level3 ? grade : FacilityGrade.None,
            Kind = kind,
            Designated = designated,
            Specialised = specialised,
            CountyLevel2 = specialised && level == FacilityLevel.Level2,
            EssentialDrugs = specialised && level == FacilityLevel.Primary,
        };

    private static readonly Gen<Claim> Claims =
        from type in Gen.Frequency(
            (3, Gen.Constant(VisitType.Inpatient)),
            (2, Gen.Constant(VisitType.OutpatientPooling)),
            (2, Gen.Constant(VisitType.TwoDisease)),
            (1, Gen.Elements(VisitType.Chronic, VisitType.Delivery, VisitType.HighValueDrug)))
        from scheme in Gen.Frequency((3, Gen.Constant(Scheme.Resident)), (1, Gen.Constant(Scheme.Employee)))
        from facility in Facilities
        from disease in Gen.Elements(Disease.Hypertension, Disease.Diabetes)
        from markers in Gen.Elements(Markers)
        from emergency in Gen.Elements(true, false)
        from referral in Gen.Elements(true, false)
        from discharged in DayFrom("2021-06-01", 760)
        from nights in Gen.Choose(0, 30)
        from totals in Totals(type == VisitType.Inpatient ? Large : Small)
        let admission = type is VisitType.Inpatient or VisitType.Delivery
        let claim = new Claim
        {
            Region = Region,
            Scheme = scheme,
            VisitType = type,
            Facility = facility,
            AdmissionDate = admission ? discharged.AddDays(-nights) : null,
            DischargeDate = discharged,
            Diagnoses = markers,
            Emergency = emergency,
            Referral = referral,
            Disease = type == VisitType.TwoDisease ? disease : Disease.None,
            Totals = totals,
        }
        from bill in Gen.Frequency((7, Gen.Constant(claim)), (1, InLines(claim)))
        select bill;

    private static readonly Gen<Fact> Facts = Gen.Frequency(
        (3, from groups in Gen.Elements(Enum.GetValues<SocialGroup>())
            from first in DayFrom("2021-06-01", 700)
            from days in Gen.Choose(1, 500)
            select (Fact)new GroupFact(groups, first, first.AddDays(days))),
        (2, from disease in Gen.Elements(Disease.Hypertension, Disease.Diabetes) from day in DayFrom("2021-06-01", 700) select (
            Fact)new TwoDiseaseFact(disease, day)),
        (1, from category in Gen.Elements(Enum.GetValues<InsuredCategory>()) from day in DayFrom("2021-06-01", 700) select (
            Fact)new InsuredFact(day, category)),
        (1, from day in DayFrom("2021-06-01", 700) from days in Gen.Choose(10, 200) select (Fact)new EmployeeSpellFact(
            day, day.AddDays(days))));

    /// <summary>Persons of every insured category and any groups, children among them, some with a spell of employment.</summary>
    public static Gen<ImmutableArray<Fact>> Persons =>
        from category in Gen.Elements(Enum.GetValues<InsuredCategory>())
        from groups in Gen.SubListOf(Enum.GetValues<SocialGroup>())
        from filed in Gen.SubListOf([Disease.Hypertension, Disease.Diabetes])
        from employed in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        select (ImmutableArray<Fact>)
        [
            new BirthFact(Day(category is InsuredCategory.Adult ? "1980-05-20" : "2007-12-20")),
            new InsuredFact(Day("2019-01-01"), category),
            new CoverageFact(Day("2020-01-01"), Day("2027-12-31")),
            .. employed ? [new EmployeeSpellFact(Day("2022-10-01"), Day("2023-06-30"))] : Array.Empty<Fact>(),
            .. groups.Select(g => new GroupFact(g, Day("2021-01-01"))),
            .. filed.Select(d => new TwoDiseaseFact(d, Day("2022-03-01"))),
        ];

    public static Gen<Act> Acts => Gen.Frequency(Between(Claims, Facts, DayFrom("2022-03-01", 500)));
}
