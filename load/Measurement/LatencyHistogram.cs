using System.Numerics;

namespace Settlement.Measurement;

/// <summary>
/// Counts of latencies in log-linear buckets: every power of two is cut into <see cref="BucketsPerOctave"/> equal parts, so that memory is
/// fixed whatever is recorded, and a percentile is never below the true value and less than 1/128 (0.8 %) above it. Values below 256 ns are
/// exact.
/// </summary>
/// <remarks>
/// Unit: nanoseconds, 0 to <see cref="Highest"/> (about 73 minutes). Not safe for use by several threads: each has its own, and they are
/// added up.
/// </remarks>
public sealed class LatencyHistogram
{
    /// <summary>Parts of each power of two.</summary>
    public const int BucketsPerOctave = 1 << PrecisionBits;

    /// <summary>
    /// Largest latency that is told apart, in nanoseconds; what is longer is counted here, and <see cref="Max"/> still knows it.
    /// </summary>
    public const long Highest = (1L << RangeBits) - 1;

    private const int PrecisionBits = 7;
    private const int RangeBits = 42;
    private const int ExactBelow = BucketsPerOctave * 2;

    private readonly long[] counts = new long[IndexOf(Highest) + 1];
    private long sum;

    /// <summary>How many latencies were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Shortest latency, exactly; 0 while there is none.</summary>
    public long Min { get; private set; }

    /// <summary>Longest latency, exactly; 0 while there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Mean latency in nanoseconds, from the exact values; 0 while there is none.</summary>
    public double Mean => Count == 0 ? 0 : (double)sum / Count;

    /// <summary>Records one latency.</summary>
    /// <param name="nanoseconds">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The latency is negative: clock or schedule are wrong.</exception>
    public void Record(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        counts[IndexOf(Math.Min(nanoseconds, Highest))]++;
        Min = Count == 0 ? nanoseconds : Math.Min(Min, nanoseconds);
        Max = Math.Max(Max, nanoseconds);
        sum += nanoseconds;
        Count++;
    }

    /// <summary>Adds what another histogram recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0) return;
        for (int i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
        Min = Count == 0 ? other.Min : Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        sum += other.sum;
        Count += other.Count;
    }

    /// <summary>
    /// The latency, in nanoseconds, which this part of the calls did not exceed: upper end of its bucket, but never above <see cref="Max"/>.
    /// </summary>
    /// <param name="percent">Above 0, up to 100.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded: there is no such latency.</exception>
    public long Percentile(double percent)
    {
        if (percent is not (> 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is above 0 and at most 100.");
        if (Count == 0) throw new InvalidOperationException("Nothing was recorded: there is no percentile.");
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * percent / 100 - 1e-9));
        long seen = 0;
        int index = -1;
        while (seen < wanted) seen += counts[++index];
        return index == counts.Length - 1 ? Max : Math.Min(UpperEnd(index), Max);
    }

    /// <summary>The buckets that hold something, from short to long: upper end in nanoseconds, and count.</summary>
    public IEnumerable<(long UpperEnd, long Count)> Buckets()
    {
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0) yield return (UpperEnd(i), counts[i]);
        }
    }

    private static int IndexOf(long value)
    {
        if (value < ExactBelow) return (int)value;
        int shift = BitOperations.Log2((ulong)value) - PrecisionBits;
        return (shift << PrecisionBits) + (int)(value >> shift);
    }

    private static long UpperEnd(int index)
    {
        if (index < ExactBelow) return index;
        int shift = (index >> PrecisionBits) - 1;
        long part = (index & (BucketsPerOctave - 1)) + BucketsPerOctave;
        return ((part + 1) << shift) - 1;
    }
}
