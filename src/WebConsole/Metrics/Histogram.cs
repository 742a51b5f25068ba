namespace Settlement.WebConsole.Metrics;

/// <summary>
/// Durations by size, in buckets each less than a tenth wider than the one before, from ten microseconds to about two minutes.
/// </summary>
internal sealed class Histogram
{
    private const double Smallest = 1e-5;
    private const int Octave = 8;
    private const int Size = 24 * Octave;
    private readonly int[] buckets = new int[Size];

    /// <summary>How many durations.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a duration, in seconds.</summary>
    public void Add(double seconds)
    {
        buckets[seconds <= Smallest ? 0 : Math.Min(Size - 1, (int)(Math.Log2(seconds / Smallest) * Octave))]++;
        Count++;
    }

    /// <summary>Adds what another holds.</summary>
    public void Add(Histogram other)
    {
        for (int i = 0; i < Size; i++) buckets[i] += other.buckets[i];
        Count += other.Count;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(buckets);
        Count = 0;
    }

    /// <summary>The duration within which a share of all lie, in seconds: the upper end of its bucket. 0 when there is none.</summary>
    public double Percentile(double share)
    {
        if (Count == 0) return 0;
        long rank = (long)Math.Ceiling(share * Count);
        long seen = 0;
        int i = 0;
        while (i < Size - 1 && (seen += buckets[i]) < rank) i++;
        return Smallest * Math.Pow(2, (i + 1.0) / Octave);
    }
}
