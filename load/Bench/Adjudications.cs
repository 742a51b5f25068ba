using Settlement.Policy;

namespace Settlement.Bench;

/// <summary>One thing to adjudicate: a person who was settled before in the year, and the claim that comes next.</summary>
internal sealed record AdjudicationSubject(string Name, Account Account, Claim Claim);

/// <summary>Every visit type of Shenyang, and what Benxi and Panjin settle. Each claim stands; one that is refused ends the run.</summary>
internal sealed class Adjudications(Adjudicator rules)
{
    private const int Shenyang = 210100;
    private const int Benxi = 210500;
    private const int Panjin = 211100;
    private static readonly DateOnly Day = new(2026, 3, 10);

    public IEnumerable<AdjudicationSubject> All()
    {
        Account adult = Person(Shenyang);
        Claim stay = Stay(Shenyang, FacilityLevel.Level3, 4_000_000);
        yield return Next("inpatient", adult, stay);
        yield return Next(
            "inpatient, serious illness, assistance", Person(Shenyang, SocialGroup.AllowanceEdge),
            Stay(Shenyang, FacilityLevel.SpecialLevel3, 60_000_000));
        yield return Next("inpatient, temporarily out of area", adult, stay with { Facility = At(110100, FacilityLevel.Level3) });
        yield return Next("inpatient, 200 fee lines", adult, stay with
        {
            Totals = null,
            Lines = [.. Enumerable.Range(0, 200).Select(Line)],
        });
        yield return Next("delivery", adult, stay with { VisitType = VisitType.Delivery });
        yield return Next("family planning", adult, stay with { VisitType = VisitType.FamilyPlanning });
        yield return Next("emergency rescue", adult, Visit(VisitType.EmergencyOutpatient, 300_000) with
        {
            Diagnoses = Diagnoses.ListedCriticalDisease,
            TreatmentFeeItem = true,
        });
        yield return Next("chronic", adult, Visit(VisitType.Chronic, 100_000) with { Disease = Disease.Dialysis });
        yield return Next("outpatient pooling", adult, Visit(VisitType.OutpatientPooling, 8_000) with { GeneralFee = 1_000 });
        yield return Next("two-disease drugs", adult, Visit(VisitType.TwoDisease, 5_000) with { Disease = Disease.Hypertension });
        yield return Next("prenatal checks", adult, Visit(VisitType.Prenatal, 30_000) with { Pregnancy = "p1" });
        yield return Next("assisted reproduction", adult, Visit(VisitType.AssistedReproduction, 500_000) with { Cycle = "c1" });
        yield return Next("Benxi, inpatient", Person(Benxi), Stay(Benxi, FacilityLevel.Level2, 4_000_000));
        yield return Next(
            "Panjin, assistance only", Person(Panjin, SocialGroup.MinimumLivingAllowance),
            Stay(Panjin, FacilityLevel.Level3, 4_000_000) with
        {
            KnownPayments = new KnownPayments(2_000_000, 0),
        });
    }

    private AdjudicationSubject Next(string name, Account before, Claim claim) =>
        rules.Settle(before, claim, before.LastSequence + 1) is Adjudication first
            ? new AdjudicationSubject(name, first.After, claim)
            : throw new InvalidOperationException($"'{name}' is refused: there is nothing to measure.");

    private Account Person(int region, params SocialGroup[] groups)
    {
        Fact[] facts =
        [
            new BirthFact(new DateOnly(1980, 5, 20)),
            new InsuredFact(new DateOnly(2020, 1, 1), InsuredCategory.Adult),
            new ContributionFact(2025, new DateOnly(2024, 10, 15)),
            new ContributionFact(2026, new DateOnly(2025, 10, 15)),
            new CoverageFact(new DateOnly(2025, 1, 1), new DateOnly(2026, 12, 31)),
            new CertificationFact(Disease.Dialysis, new DateOnly(2025, 1, 5)),
            new TwoDiseaseFact(Disease.Hypertension, new DateOnly(2025, 1, 5)),
            new ChosenFacilityFact(2026, At(Shenyang, FacilityLevel.Primary).Code, FacilityKind.TownshipHospital),
            .. groups.Select(group => new GroupFact(group, new DateOnly(2021, 1, 1))),
        ];
        RecordOutcome outcome = rules.Record(Account.Empty, facts, region, 1);
        return outcome.After ?? throw new InvalidOperationException($"the person is refused: {outcome.Refusal!.Field}");
    }

    private static Claim Stay(int region, FacilityLevel level, long inScope) => new()
    {
        Region = region,
        VisitType = VisitType.Inpatient,
        Facility = At(region, level),
        AdmissionDate = Day.AddDays(-6),
        DischargeDate = Day,
        Totals = new ClaimTotals(inScope + 50_000, 50_000, 0, 0, 0),
    };

    private static Claim Visit(VisitType type, long inScope) => new()
    {
        Region = Shenyang,
        VisitType = type,
        Facility = At(Shenyang, FacilityLevel.Primary) with { Kind = FacilityKind.TownshipHospital },
        DischargeDate = Day,
        Totals = new ClaimTotals(inScope, 0, 0, 0, 0),
    };

    private static Facility At(int division, FacilityLevel level) => new()
    {
        Code = $"H{division}{(int)level}",
        Level = level,
        Division = division,
        Designated = true,
        AssistanceDesignated = true,
    };

    private static FeeLine Line(int number) =>
        new($"F{number}", (CatalogueClass)(number % 3), 1_000 + number, 1 + (number % 5), SelfPayBp: 1_000);
}
