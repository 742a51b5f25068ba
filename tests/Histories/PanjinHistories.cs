using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Settlement.Policy;
using static Settlement.Tests.Histories.Bills;

namespace Settlement.Tests.Histories;

/// <summary>
/// Panjin, 2025 and 2026: assistance on what the insurance has paid, grants and alerts; now and then a full claim, which is refused.
/// </summary>
internal static class PanjinHistories
{
    public const int Region = 211100;

    private static readonly Gen<Claim> Claims =
        from type in Gen.Frequency(
            (6, Gen.Elements(VisitType.Inpatient, VisitType.Chronic, VisitType.HighValueDrug)),
            (1, Gen.Elements(VisitType.Delivery, VisitType.TwoDisease)))
        from scheme in Gen.Elements(Scheme.Resident, Scheme.Employee)
        from level in Gen.Elements(Enum.GetValues<FacilityLevel>())
        from division in Gen.Frequency(
            (4, Gen.Constant(Region)), (1, Gen.Constant(210100)), (1, Gen.Constant(Beijing)), (1, Gen.Constant(Taiwan)))
        from markers in Gen.Frequency((8, Gen.Constant(Diagnoses.None)), (1, Gen.Constant(Diagnoses.SevereMentalDisorder)))
        from referral in Gen.Elements(true, false)
        from discharged in DayFrom("2025-01-01", 730)
        from nights in Gen.Choose(0, 30)
        from totals in Totals(
            Gen.OneOf(Gen.Choose(0, 200).Select(v => (long)v), Gen.Choose(0, 1_500_000).Select(v => (long)v), Gen.Choose(0, 20_000_000)
            .Select(v => (long)v)))
        from pooled in Gen.Choose(0, 100)
        from seriousIllness in Gen.Choose(0, 100)
        from known in Gen.Frequency((20, Gen.Constant(true)), (1, Gen.Constant(false)))
        let compliant = totals.InScope!.Value + totals.PreSelfPay
        let paid = compliant * pooled / 100
        select new Claim
        {
            Region = Region,
            Scheme = scheme,
            VisitType = type,
            Facility = At(level, division),
            AdmissionDate = type is VisitType.Inpatient or VisitType.Delivery ? discharged.AddDays(-nights) : null,
            DischargeDate = discharged,
            Diagnoses = markers,
            Referral = referral,
            Totals = totals,
            KnownPayments = known ? new KnownPayments(paid, (compliant - paid) * seriousIllness / 100) : null,
        };

    private static readonly Gen<Fact> Filing =
        from id in Gen.Elements("F1", "F2")
        from basis in Gen.Elements(Enum.GetValues<FilingBasis>())
        from filed in DayFrom("2025-01-01", 500)
        from days in Gen.Choose(1, 700)
        select (Fact)new FilingFact(id, Beijing, basis, filed, filed.AddDays(-30), basis == FilingBasis.ResidencePermit
            ? null
            : filed.AddDays(days));

    private static readonly Gen<Fact> Facts = Gen.Frequency(
        (3, from groups in Gen.Elements(Enum.GetValues<SocialGroup>())
            from first in DayFrom("2025-01-01", 700)
            from days in Gen.Choose(1, 500)
            select (Fact)new GroupFact(groups, first, first.AddDays(days))),
        (1, Filing),
        (1, from day in DayFrom("2025-06-01", 600) select (Fact)new FilingEndFact("F1", day)));

    /// <summary>Persons of one group, of several, or of none.</summary>
    public static Gen<ImmutableArray<Fact>> Persons =>
        from groups in Gen.OneOf(
            Gen.Constant<IList<SocialGroup>>([]),
            Gen.Constant<IList<SocialGroup>>([SocialGroup.ImpoverishedByIllness]),
            Gen.Elements(Enum.GetValues<SocialGroup>()).Select(g => (IList<SocialGroup>)[g]),
            Gen.SubListOf(Enum.GetValues<SocialGroup>()).Select(g => (IList<SocialGroup>)[.. g]))
        from place in Maybe(Filing.Select(f => (Fact?)f), null)
        select (ImmutableArray<Fact>)
        [
            new BirthFact(Day("1980-05-20")),
            .. groups.Select(g => new GroupFact(g, Day("2021-01-01"))),
            .. place is null ? Array.Empty<Fact>() : [place],
        ];

    public static Gen<Act> Acts => Gen.Frequency(Between(Claims, Facts, DayFrom("2025-03-01", 800)));
}
