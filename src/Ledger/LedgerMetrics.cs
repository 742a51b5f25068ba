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

    private static readonly KeyValuePair<string, object?>[] OutcomeTags =
        Array.ConvertAll(Enum.GetValues<AppendStatus>(), static status => new KeyValuePair<string, object?>("outcome", status.ToString()));

    internal static void Answered(AppendStatus status) => Appends.Add(1, OutcomeTags[(int)status]);

    /// <summary>Counts a batch, one measurement for each outcome that is in it.</summary>
    internal static void Answered(LedgerBatch batch)
    {
        if (!Appends.Enabled) return;
        Span<int> counts = stackalloc int[OutcomeTags.Length];
        counts.Clear();
        for (int i = 0; i < batch.Count; i++) counts[(int)batch.OutcomeOf(i).Status]++;
        for (int status = 0; status < counts.Length; status++)
        {
            if (counts[status] > 0) Appends.Add(counts[status], OutcomeTags[status]);
        }
    }

    internal static void BatchWritten(int entries, TimeSpan duration)
    {
        BatchEntries.Record(entries);
        BatchDuration.Record(duration.TotalSeconds);
    }

    internal static void BatchFailed() => BatchFailures.Add(1);
}
