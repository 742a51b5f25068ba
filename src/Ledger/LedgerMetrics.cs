using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Settlement.Ledger;

/// <summary>The ledger's measurements, all of them. No person, facility or request is ever a dimension.</summary>
public static class LedgerMetrics
{
    /// <summary>Name of the meter, for whoever collects.</summary>
    public const string MeterName = "Settlement.Ledger";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Appends =
        Meter.CreateCounter<long>("settlement.ledger.appends", "{entry}", "Answered appends by outcome.");

    private static readonly Histogram<int> BatchEntries =
        Meter.CreateHistogram<int>("settlement.ledger.batch.entries", "{entry}", "Entries written in one transaction.");

    private static readonly Histogram<double> BatchDuration =
        Meter.CreateHistogram<double>("settlement.ledger.batch.duration", "s", "Time to make one batch durable.");

    private static readonly Counter<long> BatchFailures =
        Meter.CreateCounter<long>("settlement.ledger.batch.failures", "{batch}", "Attempts to write a batch whose outcome was not known.");

    // Read only when somebody collects: the queue itself is not slowed by being counted.
    private static readonly ConcurrentDictionary<LedgerWriter, byte> Writers = [];

    private static readonly ObservableGauge<int> Queue = Meter.CreateObservableGauge(
        "settlement.ledger.queue", static () =>
            Writers.Keys.Sum(static writer => writer.QueueLength), "{entry}", "Appends waiting for a writer.");

    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        Array.ConvertAll(Enum.GetValues<AppendStatus>(), static status => new KeyValuePair<string, object?>("outcome", status.ToString()));

    internal static void Started(LedgerWriter writer) => Writers.TryAdd(writer, 0);

    internal static void Stopped(LedgerWriter writer) => Writers.TryRemove(writer, out _);

    internal static void Answered(AppendStatus status) => Appends.Add(1, OutcomeTags[(int)status]);

    internal static void BatchWritten(int entries, TimeSpan duration)
    {
        BatchEntries.Record(entries);
        BatchDuration.Record(duration.TotalSeconds);
    }

    internal static void BatchFailed() => BatchFailures.Add(1);
}
