using System.Text;
using OpenTelemetry.Metrics;

namespace Settlement.Telemetry.Metrics;

/// <summary>
/// Names of instruments as Prometheus wants them: letters, digits and underscores, the unit written out, counters with <c>_total</c>.
/// </summary>
internal static class PrometheusName
{
    /// <summary>The family's name, without <c>_total</c>.</summary>
    public static string Of(string name, string unit)
    {
        StringBuilder text = new(name.Length + 8);
        foreach (char c in name) text.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        string written = unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "" or "1" => "",
            ['{', ..] => "",
            _ => unit,
        };
        string family = text.ToString();
        if (written.Length > 0 && !family.EndsWith(written, StringComparison.Ordinal)) family += "_" + written;
        return family;
    }

    /// <summary>The family's name as queries write it: a counter with <c>_total</c>.</summary>
    public static string OfQueries(string name, string unit, bool isCounter) => isCounter ? Of(name, unit) + "_total" : Of(name, unit);

    /// <summary>The word of the TYPE line.</summary>
    public static string Kind(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };
}
