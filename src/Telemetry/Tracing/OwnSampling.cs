using OpenTelemetry.Trace;

namespace Settlement.Telemetry.Tracing;

/// <summary>
/// Which traces are recorded. Inside the cluster a trace is whole or not there; what a hospital's own tracing decided does not count, or
/// any caller could have everything recorded.
/// </summary>
internal static class OwnSampling
{
    public static Sampler Of(double ratio)
    {
        TraceIdRatioBasedSampler own = new(ratio);
        return new ParentBasedSampler(own, remoteParentSampled: own, remoteParentNotSampled: own);
    }
}
