using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Settlement.Telemetry.Metrics;

/// <summary>
/// A page of metrics in Prometheus' text form 0.0.4, or in OpenMetrics 1.0 with an exemplar beside each bucket that has one.
/// </summary>
internal sealed class PrometheusText(bool openMetrics)
{
    private readonly StringBuilder page = new(16 * 1024);

    /// <summary>Whether a scraper takes OpenMetrics.</summary>
    public static bool IsOpenMetricsAccepted(string? accept) =>
        accept?.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The content type of a page.</summary>
    public static string ContentType(bool openMetrics) =>
        openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Adds a metric with all its points.</summary>
    public void Add(Metric metric)
    {
        if (metric.MetricType == MetricType.ExponentialHistogram) return; // the views of this product make none
        string family = PrometheusName.Of(metric.Name, metric.Unit ?? "");
        string kind = PrometheusName.Kind(metric.MetricType);
        string series = kind == "counter" ? family + "_total" : family;
        string head = openMetrics ? family : series;
        page.Append("# TYPE ").Append(head).Append(' ').Append(kind).Append('\n');
        if (!string.IsNullOrEmpty(metric.Description))
            page.Append("# HELP ").Append(head).Append(' ').Append(Escape(metric.Description)).Append('\n');
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = Labels(point.Tags);
            if (kind == "histogram") AddHistogram(family, labels, point);
            else Line(series, labels, Value(metric.MetricType, point));
        }
    }

    /// <summary>The whole page.</summary>
    public string End() => (openMetrics ? page.Append("# EOF\n") : page).ToString();

    private static string Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => Text(point.GetSumLong()),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Text(point.GetSumDouble()),
        MetricType.LongGauge => Text(point.GetGaugeLastValueLong()),
        _ => Text(point.GetGaugeLastValueDouble()),
    };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value)
            ? "-Inf"
            : value.ToString(CultureInfo.InvariantCulture);

    private static string Labels(ReadOnlyTagCollection tags)
    {
        if (tags.Count == 0) return "";
        StringBuilder labels = new();
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(PrometheusName.Of(tag.Key, "")).Append("=\"")
                .Append(Escape(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    private static string Escape(string text) => text.Replace("\\", @"\\").Replace("\n", @"\n").Replace("\"", "\\\"");

    private void AddHistogram(string family, string labels, in MetricPoint point)
    {
        Exemplar[] exemplars = Exemplars(point);
        long count = 0;
        double floor = double.NegativeInfinity;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            string bound = $"le=\"{Text(bucket.ExplicitBound)}\"";
            Line(family + "_bucket", labels.Length == 0
                ? bound
                : labels + "," + bound, Text(count), ExemplarIn(exemplars, floor, bucket.ExplicitBound));
            floor = bucket.ExplicitBound;
        }

        Line(family + "_sum", labels, Text(point.GetHistogramSum()));
        Line(family + "_count", labels, Text(point.GetHistogramCount()));
    }

    private Exemplar[] Exemplars(in MetricPoint point)
    {
        if (!openMetrics || !point.TryGetExemplars(out ReadOnlyExemplarCollection found)) return [];
        List<Exemplar> exemplars = [];
        foreach (ref readonly Exemplar exemplar in found) exemplars.Add(exemplar);
        return [.. exemplars];
    }

    private static string ExemplarIn(Exemplar[] exemplars, double above, double upTo)
    {
        foreach (Exemplar exemplar in exemplars)
        {
            if (exemplar.DoubleValue <= above || exemplar.DoubleValue > upTo) continue;
            double seconds = exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000.0;
            return $" # {{trace_id=\"{exemplar.TraceId}\",span_id=\"{exemplar.SpanId}\"}} {Text(exemplar.DoubleValue)} {Text(seconds)}";
        }

        return "";
    }

    private void Line(string series, string labels, string value, string exemplar = "")
    {
        page.Append(series);
        if (labels.Length > 0) page.Append('{').Append(labels).Append('}');
        page.Append(' ').Append(value).Append(exemplar).Append('\n');
    }
}
