using System.Diagnostics;
using System.Globalization;

namespace Settlement.StateBench;

/// <summary>Calls and their times.</summary>
internal static class Measuring
{
    /// <summary>A closed loop: so many calls in flight until the time is over.</summary>
    /// <returns>Calls a second.</returns>
    public static async Task<double> RateAsync(int inFlight, TimeSpan span, Func<int, Task> call)
    {
        long start = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(worker => Task.Run(async () =>
        {
            long own = 0;
            for (; Stopwatch.GetElapsedTime(start) < span; own++) await call(worker);
            return own;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Calls a list of numbers, so many in flight.</summary>
    /// <returns>How long each call took.</returns>
    public static async Task<Latencies> EachAsync(int inFlight, IReadOnlyList<int> numbers, Func<int, Task> call)
    {
        long[] taken = new long[numbers.Count];
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < numbers.Count;)
            {
                long before = Stopwatch.GetTimestamp();
                await call(numbers[i]);
                taken[i] = Stopwatch.GetTimestamp() - before;
            }
        })));
        return new Latencies(taken);
    }
}

/// <summary>Times of calls, in ticks of the stopwatch.</summary>
internal sealed class Latencies
{
    private readonly long[] sorted;

    public Latencies(long[] taken) => sorted = [.. taken.Order()];

    /// <summary>The time that so many of a thousand calls stayed within: the smallest that is not below the rank.</summary>
    public TimeSpan AtPerMille(int perMille) =>
        Stopwatch.GetElapsedTime(0, sorted[Math.Clamp((int)((sorted.Length * (long)perMille + 999) / 1000) - 1, 0, sorted.Length - 1)]);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {AtPerMille(500).TotalMilliseconds:N2} ms, p99 {AtPerMille(990).TotalMilliseconds:N2} ms, p99.9 {AtPerMille(999).TotalMilliseconds:N2} ms, longest {AtPerMille(1000).TotalMilliseconds:N2} ms, {sorted.Length:N0} calls");
}
