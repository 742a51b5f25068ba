using System.Diagnostics.Metrics;
using Settlement.Ledger;

namespace Settlement.Silo;

/// <summary>What a silo shows of its state when it is looked at.</summary>
internal sealed class SiloMetrics
{
    /// <summary>Name of the meter, for whoever collects.</summary>
    public const string MeterName = "Settlement.Silo";

    public SiloMetrics(IMeterFactory meters, LedgerWriter writer)
    {
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableGauge("settlement.ledger.queue.length", () => writer.QueueLength, "{entry}", "Appends waiting for a writer.");
        meter.CreateObservableGauge("settlement.ledger.failing", () => writer.IsFailing
            ? 1
            : 0, "1", "1 while a writer cannot reach the database.");
    }
}
