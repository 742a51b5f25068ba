using Settlement.WebConsole.Metrics;

namespace Settlement.Cluster.Tests.WebConsole;

/// <summary>What the operations page reckons from: a minute of seconds, and durations by size.</summary>
public sealed class LiveMetricsTests
{
    [Fact]
    public void A_series_tells_of_the_sixty_whole_seconds_before_now_and_forgets_older_ones()
    {
        Series series = new();
        for (long second = 1000; second < 1200; second++) series.Add(second, second - 1000);

        long[] sums = series.Sums(1200);

        Assert.Equal(Enumerable.Range(140, 60).Select(value => (long)value), sums);
        Assert.Equal(0, series.Sums(2000).Sum());
    }

    [Fact]
    public void The_second_that_is_running_is_not_told_of()
    {
        Series series = new();
        series.Add(1000, 5);
        series.Add(1001, 7);

        Assert.Equal(5, series.Sums(1001)[^1]);
        Assert.Equal((5, 7), (series.Sums(1002)[^2], series.Sums(1002)[^1]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260601)]
    public void A_percentile_is_never_too_short_and_at_most_a_tenth_too_long(int seed)
    {
        Random random = new(seed);
        double[] durations = [.. Enumerable.Range(0, 5000).Select(_ => Math.Pow(10, random.NextDouble() * 5 - 4.5))];
        Series series = new();
        foreach (double duration in durations) series.Add(1000 + random.Next(50), duration);
        Array.Sort(durations);

        Latency latency = Latency.Of(series.Durations(1050));

        Assert.Equal(5000, latency.Count);
        foreach ((double share, double told) in new[] { (0.5, latency.Median), (0.95, latency.P95), (0.99, latency.P99) })
        {
            double exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
            Assert.True(told >= exact && told <= exact * 1.0906, $"seed {seed}, {share}: {told} for {exact}");
        }
    }

    [Fact]
    public void Nothing_measured_is_nothing_told() => Assert.Equal(default, Latency.Of(new Series().Durations(1000)));
}
