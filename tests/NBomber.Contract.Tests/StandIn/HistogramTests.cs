using NBomber.Running;

namespace Settlement.LoadContract.StandIn;

/// <summary>The counter behind every percentile.</summary>
public sealed class HistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_percentile_is_off_by_at_most_a_thousandth(int seed)
    {
        Random random = new(seed);
        Histogram histogram = new();
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 9))];
        foreach (long value in values) histogram.Add(value);
        Array.Sort(values);
        foreach (int rank in new[] { 1, 20, 200, 5_000, 10_000, 15_000, 19_000, 19_800, 19_980, 19_998, 20_000 })
        {
            long exact = values[rank - 1];
            Assert.InRange(histogram.At(100.0 * rank / values.Length), exact, exact + (exact / 1000) + 1);
        }

        Assert.Equal((values[0], values[^1], values.LongLength), (histogram.Min, histogram.Max, histogram.Count));
        Assert.Equal(values.Average(), histogram.Mean, 1e-3);
    }

    [Fact]
    public void Small_values_are_exact_and_negative_ones_count_as_zero()
    {
        Histogram histogram = new();
        for (int value = -1; value < 2048; value++) histogram.Add(value);
        Assert.Equal(0, histogram.Min);
        Assert.Equal(1024, histogram.At(100.0 * 1026 / 2049));
        Assert.Equal(2047, histogram.At(100));
    }

    [Fact]
    public void An_empty_histogram_answers_zero()
    {
        Histogram histogram = new();
        Assert.Equal((0, 0, 0), (histogram.At(99), histogram.Mean, histogram.StdDev));
        histogram.Add(5);
        histogram.Clear();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.At(50), histogram.Max));
    }
}
