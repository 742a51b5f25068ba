using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Settlement.Gateway;

/// <summary>The gateway's measurements, all of them. Dimensions are operations, statuses and reason codes: never a person, facility or request.</summary>
public static class GatewayMetrics
{
    /// <summary>Name of the meter, for whoever collects.</summary>
    public const string MeterName = "Settlement.Gateway";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("settlement.gateway.request.duration", "s", "Time from a request to its answer, by operation, status and reason.");

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsObserved => Duration.Enabled;

    internal static void Answered(string operation, string status, string reason, TimeSpan elapsed)
    {
        TagList tags = new() { { "rpc.method", operation }, { "rpc.response.status_code", status } };
        if (reason.Length > 0) tags.Add("settlement.reason", reason);
        Duration.Record(elapsed.TotalSeconds, tags);
    }
}
