using Settlement.Measurement;

namespace Settlement.Load.Tests;

/// <summary>Percentiles that are never below the truth and hardly above it.</summary>
public sealed class LatencyHistogramTests
{
    private static readonly double[] Percents = [0.1, 1, 25, 50, 90, 99, 99.9, 99.99, 100];

    [Fact]
    public void Latencies_below_256_ns_are_exact()
    {
        LatencyHistogram histogram = new();
        for (int i = 0; i < 256; i++) histogram.Record(i);
        for (int i = 1; i <= 256; i++) Assert.Equal(i - 1, histogram.Percentile(i * 100.0 / 256));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_percentile_is_at_least_the_true_one_and_less_than_one_128th_above(int seed)
    {
        Random random = new(seed);
        LatencyHistogram histogram = new();
        long[] all = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 29))];
        foreach (long latency in all) histogram.Record(latency);
        Array.Sort(all);
        foreach (double percent in Percents)
        {
            long truth = all[(int)Math.Ceiling(all.Length * percent / 100 - 1e-9) - 1];
            long told = histogram.Percentile(percent);
            Assert.True(told >= truth && told <= truth + truth / 128, $"seed {seed}, {percent} %: {truth} is told as {told}");
        }
    }

    [Fact]
    public void Every_bucket_begins_where_the_one_before_ends()
    {
        LatencyHistogram histogram = new();
        for (long latency = 1; latency < LatencyHistogram.Highest; latency = latency * 17 / 16 + 1)
        {
            histogram.Record(latency);
            histogram.Record(latency + 1);
        }

        (long UpperEnd, long Count)[] buckets = [.. histogram.Buckets()];
        Assert.Equal(buckets.OrderBy(bucket => bucket.UpperEnd), buckets);
        Assert.Equal(histogram.Count, buckets.Sum(bucket => bucket.Count));
        Assert.Equal(buckets.Length, buckets.Select(bucket => bucket.UpperEnd).Distinct().Count());
    }

    [Fact]
    public void Least_longest_and_mean_are_exact()
    {
        LatencyHistogram histogram = new();
        foreach (long latency in (long[])[1_234_567, 89, 7_000_000_001]) histogram.Record(latency);
        Assert.Equal((3, 89, 7_000_000_001, 7_001_234_657 / 3.0), (histogram.Count, histogram.Min, histogram.Max, histogram.Mean));
        Assert.Equal(histogram.Max, histogram.Percentile(100));
    }

    [Fact]
    public void What_is_longer_than_the_range_is_counted_and_its_length_is_known()
    {
        LatencyHistogram histogram = new();
        histogram.Record(LatencyHistogram.Highest * 3);
        Assert.Equal(LatencyHistogram.Highest * 3, histogram.Percentile(50));
    }

    [Fact]
    public void Histograms_of_several_threads_add_up_as_if_they_were_one()
    {
        LatencyHistogram one = new();
        LatencyHistogram first = new();
        LatencyHistogram second = new();
        for (int i = 1; i <= 1000; i++)
        {
            one.Record(i * 997L);
            (i % 3 == 0 ? first : second).Record(i * 997L);
        }

        LatencyHistogram sum = new();
        sum.Add(first);
        sum.Add(new LatencyHistogram());
        sum.Add(second);
        Assert.Equal((one.Count, one.Min, one.Max, one.Mean), (sum.Count, sum.Min, sum.Max, sum.Mean));
        Assert.Equal(one.Buckets(), sum.Buckets());
    }

    [Fact]
    public void A_negative_latency_and_a_percentile_of_nothing_are_refused()
    {
        LatencyHistogram histogram = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(-1));
        Assert.Throws<InvalidOperationException>(() => histogram.Percentile(50));
        histogram.Record(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(100.1));
    }
}
