namespace Settlement.Fill;

/// <summary>Seeded draws (SplitMix64): a stream for each purpose and number, whoever asks first and on whatever thread.</summary>
internal struct Draws(long seed, long stream, long number)
{
    private ulong state = Mix((ulong)seed + Mix((ulong)stream + Mix((ulong)number)));

    /// <summary>A number from 0 to below a bound.</summary>
    public int Below(int bound) => (int)(((UInt128)Next() * (ulong)bound) >> 64);

    /// <summary>A number within bounds, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True in so many of a hundred draws.</summary>
    public bool Percent(int percent) => Below(100) < percent;

    /// <summary>One of some.</summary>
    public T Of<T>(ReadOnlySpan<T> some) => some[Below(some.Length)];

    private ulong Next() => Mix(state += 0x9E3779B97F4A7C15);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
