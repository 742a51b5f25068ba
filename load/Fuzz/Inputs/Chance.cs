namespace Settlement.Fuzz.Inputs;

/// <summary>The draws of one input: they follow from seed, target and number of the input, so that any one can be repeated alone.</summary>
internal sealed class Chance(int seed, string target, long number)
{
    private readonly Random random = new(Mix(seed, target, number));

    public bool OneIn(int times) => random.Next(times) == 0;

    public int Below(int end) => random.Next(Math.Max(1, end));

    public long Any64() => random.NextInt64(long.MinValue, long.MaxValue);

    public T Of<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];

    public byte[] Bytes(int most)
    {
        byte[] bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int Mix(int seed, string target, long number)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in target) hash = (hash ^ c) * 1099511628211;
        foreach (long part in new[] { seed, number })
        {
            for (int shift = 0; shift < 64; shift += 8) hash = (hash ^ (byte)(part >> shift)) * 1099511628211;
        }

        return (int)(hash >> 32);
    }
}
