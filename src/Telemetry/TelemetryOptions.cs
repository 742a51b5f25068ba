using Microsoft.Extensions.Configuration;
using Settlement.Telemetry.Tracing;

namespace Settlement.Telemetry;

/// <summary>What the process tells about its own work, section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Whether metrics are gathered and given at <c>/metrics</c> on the HTTP listener, in Prometheus' text form.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// Collector to which metrics, traces and logs are sent by OTLP, such as <c>http://collector:4318</c>; empty: nothing is sent.
    /// </summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary><c>http</c> (OTLP as protobuf over HTTP, port 4318 by custom) or <c>grpc</c> (4317).</summary>
    public string OtlpProtocol { get; set; } = "http";

    /// <summary>
    /// Share of the requests from the wire whose trace is recorded, 0 to 1. A caller's own wish to be traced is not followed; that of a
    /// gateway in a process of its own is.
    /// </summary>
    public double TraceRatio { get; set; } = 0.02;

    /// <summary>OpenTelemetry's own <c>OTEL_TRACES_SAMPLER</c>: where it is given it holds in place of <see cref="TraceRatio"/>.</summary>
    internal string Sampler { get; init; } = "";

    /// <summary>OpenTelemetry's own <c>OTEL_TRACES_SAMPLER_ARG</c>: the ratio of a sampler that has one.</summary>
    internal string SamplerArgument { get; init; } = "";

    /// <summary><c>text</c>, or <c>json</c>: one object a line, with trace and span id.</summary>
    public string LogFormat { get; set; } = "text";

    /// <summary>Whether anything is sent to a collector.</summary>
    internal bool IsSent => OtlpEndpoint.Length > 0;

    /// <summary>Section <c>Telemetry</c>, and what OpenTelemetry's own settings say of sampling.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public static TelemetryOptions From(IConfiguration configuration)
    {
        TelemetryOptions options = new()
        {
            Sampler = configuration[TraceSampling.NameSetting] ?? "",
            SamplerArgument = configuration[TraceSampling.RatioSetting] ?? "",
        };
        configuration.GetSection("Telemetry").Bind(options);
        options.Validate();
        return options;
    }

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    public void Validate()
    {
        if (IsSent && (!Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https")))
            throw new InvalidOperationException(
                $"Telemetry:OtlpEndpoint is '{OtlpEndpoint}': expected http://HOST:PORT or https://HOST:PORT.");
        if (OtlpProtocol is not ("http" or "grpc"))
            throw new InvalidOperationException($"Telemetry:OtlpProtocol is '{OtlpProtocol}': expected http or grpc.");
        if (TraceRatio is not (>= 0 and <= 1))
            throw new InvalidOperationException($"Telemetry:TraceRatio is {TraceRatio}: it must be between 0 and 1.");
        TraceSampling.Of(this);
        if (LogFormat is not ("text" or "json"))
            throw new InvalidOperationException($"Telemetry:LogFormat is '{LogFormat}': expected text or json.");
    }
}
