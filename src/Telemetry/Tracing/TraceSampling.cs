using System.Globalization;
using OpenTelemetry.Trace;

namespace Settlement.Telemetry.Tracing;

/// <summary>
/// Which traces are recorded. By default a trace is whole inside the cluster or not there; what a hospital's own tracing decided does not
/// count, or any caller could have everything recorded. Whoever runs the cluster may choose otherwise by OpenTelemetry's own settings.
/// </summary>
internal static class TraceSampling
{
    /// <summary>Name of OpenTelemetry's setting that names a sampler.</summary>
    public const string NameSetting = "OTEL_TRACES_SAMPLER";

    /// <summary>Name of OpenTelemetry's setting that holds the sampler's ratio.</summary>
    public const string RatioSetting = "OTEL_TRACES_SAMPLER_ARG";

    private const string Names =
        "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio";

    /// <summary>The sampler that the settings ask for.</summary>
    /// <exception cref="InvalidOperationException">OpenTelemetry's settings are wrong; the message names the setting and its value.</exception>
    public static Sampler Of(TelemetryOptions options)
    {
        if (options.Sampler.Length == 0) return Own(options.TraceRatio);
        return options.Sampler switch
        {
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(Ratio(options.SamplerArgument)),
            "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(Ratio(options.SamplerArgument))),
            _ => throw new InvalidOperationException($"{NameSetting} is '{options.Sampler}': expected one of {Names}."),
        };
    }

    private static ParentBasedSampler Own(double ratio)
    {
        TraceIdRatioBasedSampler own = new(ratio);
        return new ParentBasedSampler(own, remoteParentSampled: own, remoteParentNotSampled: own);
    }

    // OpenTelemetry says: without an argument everything.
    private static double Ratio(string text)
    {
        if (text.Length == 0) return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1
            ? ratio
            : throw new InvalidOperationException($"{RatioSetting} is '{text}': it must be between 0 and 1.");
    }
}
