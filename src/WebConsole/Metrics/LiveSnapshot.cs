namespace Settlement.WebConsole.Metrics;

/// <summary>What this process measured over the last minute.</summary>
public sealed record LiveSnapshot
{
    /// <summary>Whole seconds measured so far, at most a minute: before that, rates are of these seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>Entries made durable in each second, the oldest first.</summary>
    public required IReadOnlyList<long> Durable { get; init; }

    /// <summary>Answered calls in each second, streams aside.</summary>
    public required IReadOnlyList<long> Calls { get; init; }

    /// <summary>Latency of calls, streams aside.</summary>
    public required Latency Latency { get; init; }

    /// <summary>Time to make a batch durable.</summary>
    public required Latency BatchLatency { get; init; }

    /// <summary>Entries in all batches.</summary>
    public required long BatchEntries { get; init; }

    /// <summary>Attempts to write a batch whose outcome was not known.</summary>
    public required long BatchFailures { get; init; }

    /// <summary>Appends by outcome.</summary>
    public required IReadOnlyList<(string Outcome, long Count)> Outcomes { get; init; }

    /// <summary>Calls by operation, the most called first.</summary>
    public required IReadOnlyList<(string Operation, Latency Latency)> Operations { get; init; }

    /// <summary>Appends waiting for a writer now.</summary>
    public required long Queue { get; init; }

    /// <summary>Persons awake in this process now.</summary>
    public required long Activations { get; init; }

    /// <summary>Entries durable a second.</summary>
    public double DurablePerSecond => Seconds == 0 ? 0 : (double)Durable.Sum() / Seconds;

    /// <summary>Calls a second.</summary>
    public double CallsPerSecond => Seconds == 0 ? 0 : (double)Calls.Sum() / Seconds;

    /// <summary>How often an outcome came.</summary>
    public long Of(string outcome) => Outcomes.FirstOrDefault(one => one.Outcome == outcome).Count;
}

/// <summary>Percentiles, in seconds, each at most a tenth too long.</summary>
public readonly record struct Latency(long Count, double Median, double P95, double P99)
{
    internal static Latency Of(Histogram histogram) =>
        new(histogram.Count, histogram.Percentile(0.5), histogram.Percentile(0.95), histogram.Percentile(0.99));
}
