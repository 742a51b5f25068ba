using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Settlement.Telemetry.Logs;
using Settlement.Telemetry.Metrics;

namespace Settlement.Telemetry;

/// <summary>Puts telemetry into a host.</summary>
public static class TelemetryHosting
{
    private const string MetricsPath = "/metrics";

    /// <summary>
    /// Reads section <c>Telemetry</c> and registers what it asks for. Without metrics and collector nothing listens to any instrument.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the service in what is sent.</param>
    /// <exception cref="InvalidOperationException">An option is wrong.</exception>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        TelemetryOptions options = TelemetryOptions.From(builder.Configuration);
        ResourceBuilder resource = TelemetryPipeline.Resource(service);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(_ => new TelemetryPipeline(options, resource));
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryPipeline>());
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId
            | ActivityTrackingOptions.SpanId);
        if (options.LogFormat == "json")
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }

        if (options.IsSent)
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.SetResourceBuilder(resource);
                logging.AddOtlpExporter(exporter => TelemetryPipeline.Send(exporter, options, "v1/logs"));
            });
        }

        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(
            services => new MaskingLoggerFactory(ActivatorUtilities.CreateInstance<LoggerFactory>(services))));
    }

    /// <summary>Maps <c>/metrics</c>, where metrics are gathered.</summary>
    public static void MapTelemetry(this WebApplication app)
    {
        TelemetryPipeline pipeline = app.Services.GetRequiredService<TelemetryPipeline>();
        if (pipeline.Prometheus is not { } prometheus) return;
        app.MapGet(MetricsPath, async (HttpContext context) =>
        {
            bool open = PrometheusText.IsOpenMetricsAccepted(context.Request.Headers.Accept);
            context.Response.ContentType = PrometheusText.ContentType(open);
            await context.Response.WriteAsync(prometheus.Scrape(open), context.RequestAborted);
        });
    }
}
