using Settlement.Fill;

namespace Settlement.Scale.Tests;

/// <summary>Who gets how many entries.</summary>
public sealed class FillPlanTests
{
    [Theory]
    [InlineData(1, 3, 3)]
    [InlineData(150, 3_000, 3)]
    [InlineData(1_000, 10_007, 1)]
    [InlineData(100_000, 1_000_000, 3)]
    public void Entries_add_up_exactly_over_persons_and_years(int persons, long entries, int years)
    {
        FillPlan plan = new(persons, entries, years, seed: 1);
        long all = (long)persons * years;
        for (int rank = 0; rank < persons; rank++)
        {
            int ofYears = Enumerable.Range(0, years).Sum(year => plan.SettlementsOf(rank, year));
            Assert.Equal(plan.SettlementsOf(rank), ofYears);
            all += ofYears;
        }

        Assert.Equal(entries, all);
    }

    [Fact]
    public void A_few_persons_come_often_and_most_come_seldom()
    {
        FillPlan plan = new(1_000_000, 10_000_000, 3, seed: 1);
        int most = plan.SettlementsOf(0);
        Assert.InRange(most, 150, 500); // over three years: dialysis, not a thousand visits a day
        Assert.All(Enumerable.Range(0, 999), rank =>
            Assert.True(plan.SettlementsOf(rank * 1000) >= plan.SettlementsOf(rank * 1000 + 1000) - 1));
        Assert.InRange(plan.SettlementsOf(500_000), 3, 8);
        int median = plan.SettlementsOf(500_000);
        Assert.True(most > 30 * median, $"{most} against {median}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(99_991)]
    [InlineData(100_000)]
    public void Every_person_has_one_rank_and_an_id_of_its_own(int persons)
    {
        FillPlan plan = new(persons, persons, 1, seed: 7);
        Assert.Equal(Enumerable.Range(0, persons), Enumerable.Range(0, persons).Select(plan.PersonAt).Order());
        Assert.Equal(persons, Enumerable.Range(0, persons).Select(FillPlan.PersonId).Distinct().Count());
    }

    [Fact]
    public void Ids_are_person_ids() => Assert.Null(Settlement.Persons.PersonId.Fault(FillPlan.PersonId(999_999)));
}
