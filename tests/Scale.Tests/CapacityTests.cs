using Settlement.Capacity;

namespace Settlement.Scale.Tests;

/// <summary>The arithmetic behind docs/capacity.md.</summary>
public sealed class CapacityTests
{
    private static readonly Figures Shipped = Figures.Load(AppContext.BaseDirectory);

    [Fact]
    public void The_document_shows_what_the_program_reckons()
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "capacity.md"));
        Assert.Equal(Document.With(document, Tables.Of(Shipped)), document);
    }

    [Fact]
    public void A_worked_example()
    {
        // One settlement a second for each 1,000 insured on average; the busiest second has ten times that.
        Figures figures = With(
            "countryInsured=1000000", "countrySettlementsPerDay=86400000", "peakFactor=10", "reversalsPerThousand=100",
                "factsPerThousand=2000",
            "siloMicroseconds=400", "siloProcessors=4", "databaseMicroseconds=500", "shardProcessors=10", "utilisationPercent=50",
                "silosLost=1",
            "entryBytes=1000", "entryLogBytes=1500", "personBytes=2000", "yearsOnline=2", "yearsKept=10", "shardBytes=1000000000000",
                "replicas=3",
            "idleSeconds=60");
        Need need = new(figures, 100_000);
        Assert.Equal((8_640_000, 100, 1_000), (need.SettlementsPerDay, need.AveragePerSecond, need.PeakPerSecond));
        // 1,000 x 400 us are 0.4 processors of the 2 that half of 4 gives; 1,000 x 500 us are 0.5 of 5.
        Assert.Equal((1 + 1, 1), (need.Silos, need.ShardsByWork));
        Assert.Equal(60_000, need.ActivePersons);
        Assert.Equal(120_000_000, need.MemoryPerSilo);
        Assert.Equal(8_640_000L * 365 * 11 / 10 + 200_000, need.EntriesPerYear);
        Assert.Equal(need.EntriesPerYear * 1000 * 2, need.BytesOnline);
        // 6.9 TB online on shards of 1 TB.
        Assert.Equal((7, 7, 21), (need.ShardsBySize, need.Shards, need.DatabaseServers));
        Assert.Equal((1_500_000 + 6) / 7, need.LogPerSecond);

        // Ten times the people: 4 processors of 2, and 5 of 5.
        Need more = new(figures, 1_000_000);
        Assert.Equal((2 + 1, 1), (more.Silos, more.ShardsByWork));
        Assert.Equal(600_000, more.ActivePersons);
    }

    [Fact]
    public void No_more_persons_are_in_memory_than_are_insured() =>
        Assert.Equal(1_000, new Need(With("idleSeconds=100000000"), 1_000).ActivePersons);

    [Theory]
    [InlineData("peakFactor=20", nameof(Need.PeakPerSecond))]
    [InlineData("siloMicroseconds=1300000", nameof(Need.Silos))]
    [InlineData("silosLost=3", nameof(Need.Silos))]
    [InlineData("databaseMicroseconds=1300000", nameof(Need.ShardsByWork))]
    [InlineData("entryBytes=1000000", nameof(Need.ShardsBySize))]
    [InlineData("replicas=5", nameof(Need.DatabaseServers))]
    [InlineData("reversalsPerThousand=500", nameof(Need.EntriesPerYear))]
    [InlineData("factsPerThousand=5000", nameof(Need.EntriesPerYear))]
    [InlineData("personBytes=8000", nameof(Need.MemoryPerSilo))]
    [InlineData("yearsKept=30", nameof(Need.BytesKept))]
    [InlineData("entryLogBytes=5000", nameof(Need.LogPerSecond))]
    public void Every_figure_that_grows_asks_for_more(string change, string what)
    {
        long before = Of(Shipped);
        Assert.True(Of(With(change)) > before, $"{what} stays at {before}");

        long Of(Figures figures) => (long)typeof(Need).GetProperty(what)!.GetValue(new Need(figures, figures["countryInsured"]))!;
    }

    [Theory]
    [InlineData("nothing=1", "--assume names 'nothing'")]
    [InlineData("peakFactor", "--assume is 'peakFactor'")]
    [InlineData("peakFactor=1.5", "--assume is 'peakFactor=1.5'")]
    public void A_wrong_assumption_is_named(string change, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Shipped.With(change)).Message);

    [Fact]
    public void A_figure_of_zero_that_divides_is_refused() =>
        Assert.Throws<InvalidDataException>(() => new Need(With("utilisationPercent=0"), 1).Silos);

    private static Figures With(params string[] changes) => changes.Aggregate(Shipped, (figures, change) => figures.With(change));
}
