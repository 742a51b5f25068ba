using System.Diagnostics.Metrics;

namespace Settlement.WebConsole.Metrics;

/// <summary>
/// Listens to the process's own meters while somebody looks at the operations page, and for a minute after: measuring costs nothing
/// otherwise. Rooms are known by the names of their instruments alone.
/// </summary>
public sealed class LiveMetrics : IDisposable
{
    private const string Calls = "http.server.request.duration";
    private const string Appends = "settlement.ledger.appends";
    private const string BatchEntries = "settlement.ledger.batch.entries";
    private const string BatchDuration = "settlement.ledger.batch.duration";
    private const string BatchFailures = "settlement.ledger.batch.failures";
    private const string Queue = "settlement.ledger.queue.length";
    private const string Activations = "orleans-catalog-activations";
    private const string Stream = "SettleMany";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly HashSet<string> Wanted = [Calls, Appends, BatchEntries, BatchDuration, BatchFailures, Queue, Activations];

    private readonly IMeterFactory meters;
    private readonly TimeProvider time;
    private readonly ITimer leaving;
    private readonly Lock gate = new();
    private MeterListener? listener;
    private long startedAt;
    private Dictionary<string, Series> operations = [];
    private Dictionary<string, Series> outcomes = [];
    private Series batches = new();
    private Series entries = new();
    private Series failures = new();
    private long queue;
    private long activations;

    /// <summary>Listens to nothing yet.</summary>
    /// <param name="meters">Whose meters.</param>
    /// <param name="time">The clock of the seconds.</param>
    public LiveMetrics(IMeterFactory meters, TimeProvider time)
    {
        this.meters = meters;
        this.time = time;
        leaving = time.CreateTimer(_ => Stop(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long Second => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>What was measured; begins to measure when nobody looked before.</summary>
    public LiveSnapshot Read()
    {
        leaving.Change(Patience, Timeout.InfiniteTimeSpan);
        MeterListener current = Listen();
        lock (gate) (queue, activations) = (0, 0);
        current.RecordObservableInstruments(); // calls Measure for each gauge, on this thread
        lock (gate)
        {
            long now = Second;
            Histogram calls = new();
            long[] perSecond = new long[Series.Window];
            foreach ((string operation, Series series) in operations)
            {
                if (operation.EndsWith(Stream, StringComparison.Ordinal)) continue;
                calls.Add(series.Durations(now));
                long[] sums = series.Sums(now);
                for (int i = 0; i < sums.Length; i++) perSecond[i] += sums[i];
            }

            return new LiveSnapshot
            {
                Seconds = (int)Math.Clamp(now - startedAt - 1, 0, Series.Window),
                Durable = outcomes.TryGetValue("Appended", out Series? appended) ? appended.Sums(now) : new long[Series.Window],
                Calls = perSecond,
                Latency = Latency.Of(calls),
                BatchLatency = Latency.Of(batches.Durations(now)),
                BatchEntries = entries.Sums(now).Sum(),
                BatchFailures = failures.Sums(now).Sum(),
                Outcomes = [.. outcomes.Select(pair => (pair.Key, Count: pair.Value.Sums(now).Sum())).Where(pair => pair.Count > 0)
                    .OrderByDescending(pair => pair.Count)],
                Operations =
                [
                    .. operations.Select(pair => (pair.Key, Latency: Latency.Of(pair.Value.Durations(now))))
                        .Where(pair => pair.Latency.Count > 0)
                        .OrderByDescending(pair => pair.Latency.Count),
                ],
                Queue = queue,
                Activations = activations,
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        leaving.Dispose();
        Stop();
    }

    private MeterListener Listen()
    {
        lock (gate)
        {
            if (listener is { } running) return running;
            (operations, outcomes, batches, entries, failures, startedAt) = ([], [], new Series(), new Series(), new Series(), Second);
            MeterListener starting = new() { InstrumentPublished = Publish };
            starting.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measure(instrument.Name, value, tags));
            starting.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measure(instrument.Name, value, tags));
            starting.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measure(instrument.Name, value, tags));
            starting.Start();
            return listener = starting;
        }
    }

    /// <summary>Meters of this host and those that belong to none: a process of several hosts has the others' too.</summary>
    private void Publish(Instrument instrument, MeterListener listening)
    {
        if (Wanted.Contains(instrument.Name) && (instrument.Meter.Scope is null || instrument.Meter.Scope == meters))
            listening.EnableMeasurementEvents(instrument);
    }

    private void Stop()
    {
        MeterListener? stopping;
        lock (gate) (stopping, listener) = (listener, null);
        stopping?.Dispose();
    }

    private void Measure(string instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? tag = instrument switch
        {
            Calls => Operation(Tag(tags, "http.route")),
            Appends => Tag(tags, "outcome") ?? "",
            _ => "",
        };
        if (tag is null) return; // a page, a probe: no call of the contract
        lock (gate)
        {
            long second = Second;
            switch (instrument)
            {
                case Calls: Of(operations, tag).Add(second, value); break;
                case Appends: Of(outcomes, tag).Add(second, (long)value); break;
                case BatchEntries: entries.Add(second, (long)value); break;
                case BatchDuration: batches.Add(second, value); break;
                case BatchFailures: failures.Add(second, (long)value); break;
                case Queue: queue += (long)value; break;
                case Activations: activations += (long)value; break;
            }
        }
    }

    /// <summary>Service and method of a route, the same for gRPC and JSON; null for other routes.</summary>
    private static string? Operation(string? route)
    {
        if (route is null) return null;
        route = route.TrimStart('/');
        if (route.StartsWith("v1/", StringComparison.Ordinal)) return route["v1/".Length..];
        return route.StartsWith("settlement.v1.", StringComparison.Ordinal) ? route["settlement.v1.".Length..] : null;
    }

    private static Series Of(Dictionary<string, Series> all, string key)
    {
        if (!all.TryGetValue(key, out Series? series)) all.Add(key, series = new Series());
        return series;
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == name) return tag.Value as string;
        }

        return null;
    }
}
