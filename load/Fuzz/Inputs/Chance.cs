using System.Globalization;

namespace Settlement.Fuzz.Inputs;

/// <summary>The draws of one input: they follow from seed, target and number of the input, so that any one can be repeated alone.</summary>
internal sealed class Chance(int seed, string target, long number)
{
    /// <summary>What the trace ids of all inputs begin with.</summary>
    public const string TracePrefix = "f0220000";

    private readonly Random random = new(Mix(seed, target, number));

    /// <summary>A header <c>traceparent</c> (W3C) that names the input, so that what the server logs of it does too.</summary>
    public string TraceParent => $"00-{TracePrefix}{seed:x8}{number:x16}-{number + 1:x16}-00";

    /// <summary>The input of a trace id.</summary>
    public static long NumberOf(string trace) => long.Parse(trace.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

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
