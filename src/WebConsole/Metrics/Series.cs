namespace Settlement.WebConsole.Metrics;

/// <summary>What happened in each of the last seconds: a number, and durations where there are any. Not safe for concurrent use.</summary>
internal sealed class Series
{
    /// <summary>How many whole seconds are told of.</summary>
    public const int Window = 60;

    // One slot more than is told of: the second that is still running.
    private const int Size = Window + 1;
    private readonly long[] seconds = new long[Size];
    private readonly long[] sums = new long[Size];
    private readonly Histogram?[] durations = new Histogram?[Size];

    /// <summary>Adds a number in a second.</summary>
    public void Add(long second, long amount) => sums[Slot(second)] += amount;

    /// <summary>Adds one duration in a second.</summary>
    public void Add(long second, double duration)
    {
        int slot = Slot(second);
        sums[slot]++;
        (durations[slot] ??= new Histogram()).Add(duration);
    }

    /// <summary>The sums of the whole seconds before this one, the oldest first.</summary>
    public long[] Sums(long now) =>
        [.. Enumerable.Range(0, Window).Select(i => Of(now - Window + i, static (series, slot) => series.sums[slot]))];

    /// <summary>All durations of those seconds.</summary>
    public Histogram Durations(long now)
    {
        Histogram all = new();
        for (long second = now - Window; second < now; second++)
        {
            if (Of(second, static (series, slot) => series.durations[slot]) is { } one) all.Add(one);
        }

        return all;
    }

    private T? Of<T>(long second, Func<Series, int, T?> read)
    {
        int slot = (int)(second % Size);
        return seconds[slot] == second ? read(this, slot) : default;
    }

    private int Slot(long second)
    {
        int slot = (int)(second % Size);
        if (seconds[slot] == second) return slot;
        seconds[slot] = second;
        sums[slot] = 0;
        durations[slot]?.Clear();
        return slot;
    }
}
