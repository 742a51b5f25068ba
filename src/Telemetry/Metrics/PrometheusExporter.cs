using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Settlement.Telemetry.Metrics;

/// <summary>Gives all metrics as text when asked. Scrapes go one after the other.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock scraping = new();
    private PrometheusText? page;

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The page of now; empty before the host has started.</summary>
    /// <param name="openMetrics">In OpenMetrics' form, which alone carries exemplars.</param>
    public string Scrape(bool openMetrics)
    {
        lock (scraping)
        {
            PrometheusText scraped = page = new PrometheusText(openMetrics);
            Collect?.Invoke(Timeout.Infinite);
            page = null;
            return scraped.End();
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        // Also called when everything is flushed at the end, where nobody reads.
        if (page is not { } open) return ExportResult.Success;
        foreach (Metric metric in batch) open.Add(metric);
        return ExportResult.Success;
    }
}
