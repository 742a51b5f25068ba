namespace Settlement.Simulate;

/// <summary>
/// Seeded chance (SplitMix64), the same on every machine and .NET version. Each purpose draws from a stream of its own, so that leaving
/// one out while shrinking does not shift the others.
/// </summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed;

    /// <summary>The stream of one purpose.</summary>
    public static Chance Of(ulong seed, string purpose)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in purpose) hash = (hash ^ c) * 1099511628211;
        return new Chance(Mix(seed ^ Mix(hash)));
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    /// <summary>A number from 0 to below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>A number from the first to below the second.</summary>
    public long Between(long from, long below) => from + (long)(Next() % (ulong)(below - from));

    /// <summary>True once in so many; never for 0.</summary>
    public bool OneIn(int times) => times > 0 && Next() % (ulong)times == 0;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
