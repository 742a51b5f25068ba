using static Settlement.Policy.Tests.BenxiScene;
using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Every counter that the visits of Benxi and Panjin move is declared by the city's pack.</summary>
public class CityCounterTests
{
    private const int Panjin = 211100;

    [Fact]
    public void Benxi_declares_what_its_visits_move() => AssertDeclared(
        Benxi,
        Resident(InsuredCategory.Adult, new TwoDiseaseFact(Disease.Diabetes, Day("2022-01-01"))).After(
            Visit(FacilityLevel.Level2, 60_000, "2023-03-10"),
            Outpatient(VisitType.OutpatientPooling, 300, "2023-04-10"),
            Outpatient(VisitType.TwoDisease, 300, "2023-04-11", disease: Disease.Diabetes)));

    [Fact]
    public void Panjin_declares_what_its_visits_move()
    {
        var orphan = Repository.Adjudicator.Record(
            Account.Empty, [new BirthFact(Day("1980-05-20")), new GroupFact(SocialGroup.Orphan, Day("2021-01-01"))], Panjin, 1).After!;
        var stay = Stay(
            FacilityLevel.Level3, 61_000, division: Panjin) with { Region = Panjin, KnownPayments = new KnownPayments(Yuan(1000), 0) };

        AssertDeclared(Panjin, orphan.After(stay, stay with { DischargeDate = Day("2025-06-10") }));
    }

    private static void AssertDeclared(int region, Account account)
    {
        var declared = Repository.Catalogue.Find(region)!.Counters.Select(c => c.Id).ToHashSet();

        Assert.NotEmpty(account.Counters.Yearly.ToArray());
        Assert.All(account.Counters.Yearly.ToArray(), c => Assert.Contains(c.Key.Id, declared));
    }
}
