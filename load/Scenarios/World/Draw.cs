namespace Settlement.Scenarios.World;

/// <summary>Randomness without state: the same seed and numbers give the same draw in every run, whoever asks first (SplitMix64).</summary>
internal readonly struct Draw
{
    private readonly ulong state;

    private Draw(ulong state) => this.state = state;

    /// <summary>The draw of a number under a seed.</summary>
    public static Draw Of(int seed, long number) => new(Mix((ulong)number ^ Mix((uint)seed)));

    /// <summary>A further draw that does not depend on this one.</summary>
    public Draw For(int purpose) => new(Mix(state + (ulong)(uint)purpose + 1));

    /// <summary>A whole number from 0 to below a limit.</summary>
    public int Below(int limit) => (int)(Mix(state) % (ulong)limit);

    /// <summary>A number from 0 to below 1.</summary>
    public double Unit() => (Mix(state) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
