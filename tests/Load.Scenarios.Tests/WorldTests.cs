using Settlement.Contract;
using Settlement.Scenarios.World;

namespace Settlement.Load.Scenarios.Tests;

/// <summary>The made-up city.</summary>
public sealed class WorldTests
{
    private const int Seed = 3;

    [Fact]
    public void The_same_seed_gives_the_same_settlements_and_another_seed_others()
    {
        Assert.Equal(Requests(Seed), Requests(Seed));
        Assert.NotEqual(Requests(Seed), Requests(Seed + 1));
    }

    [Fact]
    public void Every_visit_type_of_the_mix_comes_about_as_often_as_its_share()
    {
        const int All = 20_000;
        Dictionary<Visit.Types.Type, int> found = Requests(Seed, All).CountBy(request => request.Claim.VisitType).ToDictionary();
        Assert.Equal(9, found.Count);
        Assert.InRange(found[Visit.Types.Type.OutpatientPooling], All * 44 / 100, All * 48 / 100);
        Assert.InRange(found[Visit.Types.Type.Inpatient], All * 13 / 100, All * 17 / 100);
    }

    [Fact]
    public void Persons_come_by_a_zipf_law()
    {
        Zipf law = new(1000);
        int[] count = new int[1000];
        for (int number = 0; number < 100_000; number++) count[law.RankOf(Draw.Of(Seed, number).Unit())]++;
        // Harmonic number of 1000 is about 7.485: the first takes 13.4 % of all, the tenth a tenth of that.
        Assert.InRange(count[0], 12_500, 14_200);
        Assert.InRange(count[9], 1_150, 1_550);
        Assert.Equal(0, law.RankOf(0));
        Assert.Equal(999, law.RankOf(1));
    }

    [Fact]
    public void Great_hospitals_have_more_stays_than_small_ones()
    {
        Dictionary<string, int> stays = Requests(Seed, 20_000).Where(request => request.Claim.VisitType == Visit.Types.Type.Inpatient)
            .CountBy(request => request.Claim.Facility.Code).ToDictionary();
        Assert.True(stays["H21010200001"] > 4 * stays["H21010500005"]);
        Assert.DoesNotContain("H21011300009", stays.Keys);
    }

    private static SettleRequest[] Requests(int seed, int count = 200)
    {
        Discharges discharges = new("L", seed, new Population("L", seed, 100));
        return [.. Enumerable.Range(0, count).Select(number => discharges.Of(number))];
    }
}
