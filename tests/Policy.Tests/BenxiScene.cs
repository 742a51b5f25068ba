using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>People and visits of Benxi in a few words.</summary>
internal static class BenxiScene
{
    public const int Benxi = 210500;

    public static Account Resident(InsuredCategory category = InsuredCategory.Adult, params Fact[] facts) => Registered(
        [new BirthFact(Day("1980-05-20")), new InsuredFact(Day("2019-01-01"), category),
            new CoverageFact(Day("2020-01-01"), Day("2025-12-31")), .. facts]);

    public static Account Employee() => Registered(
        new BirthFact(Day("1980-05-20")), new InsuredFact(Day("2019-01-01"), InsuredCategory.Adult),
            new EmployeeSpellFact(Day("2018-01-01")));

    public static Account Registered(params Fact[] facts) => Repository.Adjudicator.Record(Account.Empty, facts, Benxi, 1).After!;

    public static Claim Visit(FacilityLevel level, long yuan, string day, FacilityGrade grade = FacilityGrade.None, int division = Benxi)
        => Stay(level, yuan, day, division) with { Region = Benxi, Facility = At(level, division) with { Grade = grade } };

    public static Claim Outpatient(VisitType visit, long yuan, string day, Facility? facility = null, Disease disease = Disease.None)
        => Visit(FacilityLevel.Primary, yuan, day) with { VisitType = visit, AdmissionDate = null, Facility = facility
            ?? At(FacilityLevel.Primary, Benxi), Disease = disease };

    public static Facility Level2(bool county = false, FacilityKind kind = FacilityKind.General) =>
        At(FacilityLevel.Level2, Benxi) with { CountyLevel2 = county, Kind = kind };
}
