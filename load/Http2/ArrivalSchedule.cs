namespace Settlement.Http2;

/// <summary>
/// When calls of an open loop are to start: independent arrivals at a mean rate (exponential gaps), the same ones for the same seed. The
/// schedule knows nothing of answers: a server that stalls does not make its callers come later.
/// </summary>
/// <param name="rate">Arrivals a second.</param>
/// <param name="seed">Which arrivals.</param>
public sealed class ArrivalSchedule(double rate, int seed)
{
    private const double NanosecondsPerSecond = 1e9;
    private readonly Random random = new(seed);
    private readonly double meanGap = rate > 0
        ? NanosecondsPerSecond / rate
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "A rate is above 0.");
    private double at;

    /// <summary>Arrivals a second, on average.</summary>
    public double Rate => rate;

    /// <summary>The next start, in nanoseconds from the begin of the load.</summary>
    public long Next() => (long)(at += -Math.Log(1 - random.NextDouble()) * meanGap);
}
