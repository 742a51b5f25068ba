using Settlement.Cli.Sample;
using Settlement.Contract;

namespace Settlement.Cli.Tests;

/// <summary>The made-up world of <c>up --sample</c>.</summary>
public sealed class SampleWorldTests
{
    private readonly SampleWorld world = new(seed: 7, persons: 200, staysEach: 10);

    [Fact]
    public void The_same_seed_gives_the_same_requests()
    {
        SampleWorld again = new(seed: 7, persons: 200, staysEach: 10);
        Assert.Equal(world.Persons, again.Persons);
        Assert.Equal(world.Discharges, again.Discharges);
    }

    [Fact]
    public void Every_insured_category_and_assistance_category_comes_up()
    {
        Fact[] facts = [.. world.Persons.SelectMany(person => person.Facts)];
        Assert.Equal(4, facts.Where(fact => fact.Insured is not null).Select(fact => fact.Insured.Category).Distinct().Count());
        Assert.Equal(6, facts.Where(fact => fact.Group is not null).Select(fact => fact.Group.Group).Distinct().Count());
        Assert.Contains(facts, fact => fact.Filing is not null);
    }

    [Fact]
    public void Every_hospital_settles() =>
        Assert.Equal(SampleWorld.Hospitals.Count, world.Discharges.Select(discharge => discharge.Claim.Facility.Code).Distinct().Count());

    [Fact]
    public void Ids_of_persons_and_requests_are_unique()
    {
        Assert.Distinct(world.Persons.Select(person => person.Person));
        Assert.Distinct(world.Discharges.Select(discharge => discharge.RequestId));
        Assert.Distinct(world.Discharges.Select(discharge => (discharge.Claim.Facility.Code, discharge.VisitId, discharge.ChargeBatch)));
    }

    [Fact]
    public void Citizen_ids_have_the_check_digit_of_GB_11643_and_the_birth_date() =>
        Assert.All(world.Persons, person =>
        {
            Assert.Null(Persons.PersonId.Fault(person.Person));
            Assert.Equal(person.BirthDate, Persons.PersonId.BirthDate(person.Person)!.Value.ToString("yyyy-MM-dd"));
        });

    [Fact]
    public void Totals_add_up() =>
        Assert.All(world.Discharges.Where(discharge => discharge.Claim.Totals is not null)
            .Select(discharge => discharge.Claim.Totals), totals =>
        {
            Assert.Equal(totals.Total, totals.SelfFunded + totals.OverLimit + totals.PreSelfPay + totals.InScope);
            Assert.InRange(totals.PreSelfPayNotCounted, 0, totals.PreSelfPay);
        });

    [Fact]
    public void Stays_of_one_person_do_not_overlap_and_end_within_the_year() =>
        Assert.All(world.Discharges.GroupBy(discharge => discharge.Person), stays =>
        {
            string last = "2024-12-31";
            foreach (SettleRequest stay in stays)
            {
                Assert.True(string.CompareOrdinal(last, stay.Claim.AdmissionDate) < 0);
                last = stay.Claim.DischargeDate;
                Assert.StartsWith("2025-", last);
            }
        });
}
