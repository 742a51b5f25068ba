using Settlement.Measurement;

namespace Settlement.Http2;

/// <summary>
/// What a load saw. Calls that failed are in <see cref="Failures"/> alone: latency and count are of calls that went well.
/// </summary>
public sealed class LoadResult
{
    private readonly SortedDictionary<string, (long Count, string Example)> failures = new(StringComparer.Ordinal);

    /// <summary>Latencies in nanoseconds: from the call's start, in an open loop from its scheduled start.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>
    /// The same from when the request was handed to the connection: less than <see cref="Latency"/> by what it waited at the client, for
    /// the client to keep up or for the server to take one more stream. Open loops only.
    /// </summary>
    public LatencyHistogram Served { get; } = new();

    /// <summary>Calls that went well.</summary>
    public long Calls => Latency.Count;

    /// <summary>Of those, the ones answered while calls were still being started.</summary>
    public long CallsInSpan { get; private set; }

    /// <summary>
    /// Calls that were due and for which the server had no stream before the span was over: <see cref="Http2Load.LeavesUnsent"/>.
    /// </summary>
    public long Unsent { get; private set; }

    /// <summary>From the first call's start to the last answer.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Calls a second.</summary>
    public double Rate => Calls / Duration.TotalSeconds;

    /// <summary>Calls, streams and connections that failed, by kind, each with one example of what was said.</summary>
    public IReadOnlyDictionary<string, (long Count, string Example)> Failures => failures;

    /// <summary>Counts a failure.</summary>
    public void Fail(string kind, string example, long count = 1)
    {
        if (count == 0) return;
        failures[kind] = failures.TryGetValue(kind, out (long Count, string Example) seen)
            ? (seen.Count + count, seen.Example)
            : (count, example);
    }

    /// <summary>Counts a call that went well; its latencies are recorded beside it.</summary>
    internal void CountInSpan() => CallsInSpan++;

    /// <summary>Counts calls that were due and never sent.</summary>
    internal void CountUnsent(long calls) => Unsent += calls;

    /// <summary>Adds what another connection saw at the same time.</summary>
    public void Add(LoadResult other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Latency.Add(other.Latency);
        Served.Add(other.Served);
        CallsInSpan += other.CallsInSpan;
        Unsent += other.Unsent;
        foreach ((string kind, (long count, string example)) in other.failures) Fail(kind, example, count);
        if (other.Duration > Duration) Duration = other.Duration;
    }

    /// <summary>Ends the measurement if anything failed: figures beside failures mean nothing.</summary>
    /// <exception cref="LoadFailedException">Something failed; the message names every kind of failure with count and example.</exception>
    public LoadResult ThrowIfFailed(string what)
    {
        if (failures.Count == 0 && Calls > 0) return this;
        string said = string.Join(
            "; ", failures.Select(static failure =>
                $"{failure.Value.Count:N0} x {failure.Key}{(failure.Value.Example.Length > 0 ? $" ({failure.Value.Example})" : "")}"));
        throw new LoadFailedException(
            $"{what}: {(said.Length > 0 ? said : "no call was made")}. {Calls:N0} calls went well; no figure is given.");
    }
}
