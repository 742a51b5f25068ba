namespace NBomber.Running;

/// <summary>
/// Counts values in buckets whose width is at most a thousandth of their value, so that percentiles are right to three digits whatever the
/// range, in memory that does not grow with the number of values. Not safe for concurrent use.
/// </summary>
internal sealed class Histogram
{
    // Values below 2 * HalfBuckets have a bucket each; each doubling above them has HalfBuckets.
    private const int HalfBits = 10;
    private const int HalfBuckets = 1 << HalfBits;
    private long[] counts = new long[4 * HalfBuckets];
    private double sum;
    private double sumOfSquares;

    public long Count { get; private set; }

    public long Min { get; private set; } = long.MaxValue;

    public long Max { get; private set; }

    public double Mean => Count == 0 ? 0 : sum / Count;

    public double StdDev => Count == 0 ? 0 : Math.Sqrt(Math.Max(0, (sumOfSquares / Count) - (Mean * Mean)));

    /// <summary>Counts a value; one below 0 counts as 0.</summary>
    public void Add(long value)
    {
        value = Math.Max(0, value);
        int index = IndexOf(value);
        if (index >= counts.Length) Array.Resize(ref counts, Math.Max(index + 1, counts.Length * 2));
        counts[index]++;
        Count++;
        sum += value;
        sumOfSquares += (double)value * value;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
    }

    /// <summary>The value which a share of all values does not exceed.</summary>
    /// <param name="percent">0 to 100.</param>
    public long At(double percent)
    {
        // Rounded first: 95 % of 20 is the 19th value, not the 20th for a trace of floating dust.
        long rank = Math.Max(1, (long)Math.Ceiling(Math.Round(percent / 100 * Count, 6)));
        long seen = 0;
        for (int index = 0; index < counts.Length; index++)
        {
            seen += counts[index];
            if (seen >= rank) return Math.Min(Max, HighestOf(index));
        }

        return 0;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        (Count, sum, sumOfSquares, Min, Max) = (0, 0, 0, long.MaxValue, 0);
    }

    private static int IndexOf(long value)
    {
        if (value < 2 * HalfBuckets) return (int)value;
        int doubling = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)value) - HalfBits;
        return (doubling * HalfBuckets) + (int)(value >> doubling);
    }

    private static long HighestOf(int index)
    {
        if (index < 2 * HalfBuckets) return index;
        int doubling = (index / HalfBuckets) - 1;
        return ((long)(index - (doubling * HalfBuckets) + 1) << doubling) - 1;
    }
}
