using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Settlement.Telemetry.Metrics;
using Settlement.Telemetry.Tracing;

namespace Settlement.Telemetry;

/// <summary>Listens to the instruments of the process, from its start to its end.</summary>
internal sealed class TelemetryPipeline : IHostedService, IDisposable
{
    private const string Ours = "Settlement.*";
    private const string Orleans = "Microsoft.Orleans";

    /// <summary>Of Orleans' hundred instruments the one that tells how many persons are awake.</summary>
    private const string Activations = "orleans-catalog-activations";

    /// <summary>Counted up and down, with six dimensions, for every request: half of what metrics cost a settlement.</summary>
    private const string QueuedRequests = "kestrel.queued_requests";

    // From a write to a fast disk to the time after which a caller hears that the outcome is unknown.
    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

    private static readonly double[] Counts = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    private readonly TelemetryOptions options;
    private readonly ResourceBuilder resource;
    private MeterProvider? meters;
    private TracerProvider? traces;
    private SpanListener? spans;

    public TelemetryPipeline(TelemetryOptions options, ResourceBuilder resource)
    {
        this.options = options;
        this.resource = resource;
        if (options.Metrics) Prometheus = new PrometheusExporter();
    }

    /// <summary>Gives the metrics as text; null when none are gathered for it.</summary>
    public PrometheusExporter? Prometheus { get; }

    /// <summary>Who sends: service, version, and one id for each start of a process.</summary>
    public static ResourceBuilder Resource(string service) => ResourceBuilder.CreateDefault().AddService(
        service,
        serviceVersion: typeof(TelemetryPipeline)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>Aims an exporter at the collector. Over HTTP each kind of signal has a path of its own.</summary>
    public static void Send(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        bool http = options.OtlpProtocol == "http";
        exporter.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(http ? options.OtlpEndpoint.TrimEnd('/') + "/" + path : options.OtlpEndpoint);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Metrics || options.IsSent) meters = Meters();
        if (options.IsSent) ListenToTraces();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // What was gathered last is sent before the process ends, as long as its end can wait.
        meters?.ForceFlush(3000);
        traces?.ForceFlush(3000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        spans?.Dispose();
        traces?.Dispose();
        meters?.Dispose();
    }

    private static MetricStreamConfiguration? View(Instrument instrument)
    {
        if (instrument.Meter.Name == Orleans && instrument.Name != Activations) return MetricStreamConfiguration.Drop;
        if (instrument.Name == QueuedRequests) return MetricStreamConfiguration.Drop;
        if (!instrument.Meter.Name.StartsWith("Settlement.", StringComparison.Ordinal)) return null;
        return instrument switch
        {
            Histogram<double> { Unit: "s" } => new ExplicitBucketHistogramConfiguration { Boundaries = Seconds },
            Histogram<int> => new ExplicitBucketHistogramConfiguration { Boundaries = Counts },
            _ => null,
        };
    }

    private MeterProvider Meters()
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Ours, Orleans, "System.Runtime", "Npgsql", "Microsoft.AspNetCore.Server.Kestrel")
            .AddView(View)
            .SetExemplarFilter(ExemplarFilterType.TraceBased);
        if (Prometheus is not null) builder.AddReader(new BaseExportingMetricReader(Prometheus));
        if (options.IsSent) builder.AddOtlpExporter(exporter => Send(exporter, options, "v1/metrics"));
        return builder.Build();
    }

    private void ListenToTraces()
    {
        OtlpExporterOptions exporter = new();
        Send(exporter, options, "v1/traces");
        BatchActivityExportProcessor export = new(new OtlpTraceExporter(exporter));
        // Tells the exporter who sends, flushes and disposes it; listening is not left to it.
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddProcessor(export).Build();
        spans = new SpanListener(TraceSampling.Of(options), new PersonalTags(), export);
    }
}
