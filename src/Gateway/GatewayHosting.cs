using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Catalogues;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Feeding;
using Settlement.Gateway.Front;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Json;
using Settlement.Gateway.National;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Services;
using Settlement.Gateway.Tls;

namespace Settlement.Gateway;

/// <summary>Puts the gateway into a host.</summary>
public static class GatewayHosting
{
    /// <summary>Tag of the health checks that decide readiness.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Registers the gateway's services and its two listeners.</summary>
    public static void AddGateway(this WebApplicationBuilder builder, GatewayOptions options)
    {
        options.Validate();
        IPEndPoint grpc = GatewayOptions.Address(nameof(options.GrpcAddress), options.GrpcAddress);
        IPEndPoint http = GatewayOptions.Address(nameof(options.HttpAddress), options.HttpAddress);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            ServerCertificate? certificate = options.Tls.IsOn
                ? new ServerCertificate(
                    options.Tls, kestrel.ApplicationServices.GetRequiredService<TimeProvider>(), Logger(kestrel.ApplicationServices))
                : null;
            KestrelLimits.Set(kestrel, options);
            kestrel.Listen(grpc, listener => Listen(listener, HttpProtocols.Http2, certificate));
            kestrel.Listen(http, listener => Listen(listener, HttpProtocols.Http1, certificate));
        });
        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(options.Overload);
        services.AddSingleton<WorkRoom>();
        services.AddSingleton<WaitingLine>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<DrainHealth>("accepting", tags: [ReadyTag]);
        services.AddSingleton<CallerDirectory>();
        services.AddSingleton<ReadTrail>();
        services.AddHostedService(provider => provider.GetRequiredService<ReadTrail>());
        services.AddSingleton<FacilityRegistry>();
        services.AddSingleton<CatalogueSnapshot>();
        services.AddSingleton<Followers>();
        services.AddSingleton<Edge>();
        services.AddSingleton<SettlementOperations>();
        services.AddSingleton<EnrolmentOperations>();
        services.AddSingleton<AgencyOperations>();
        services.AddSingleton<FacilityOperations>();
        services.AddSingleton<CatalogueOperations>();
        services.AddSingleton<PolicyOperations>();
        services.AddSingleton<ReconciliationOperations>();
        services.AddSingleton<FeedOperations>();
        services.AddSingleton<VisitOperations>();
        services.AddSingleton<FileOperations>();
        services.AddNationalFace();
        services.AddSingleton<SettlementService>();
        services.AddSingleton<EnrolmentService>();
        services.AddSingleton<AgencyService>();
        services.AddSingleton<FacilityService>();
        services.AddSingleton<CatalogueService>();
        services.AddSingleton<PolicyService>();
        services.AddSingleton<ReconciliationService>();
        services.AddSingleton<FeedService>();
        services.AddGrpc(grpcOptions =>
        {
            grpcOptions.MaxReceiveMessageSize = options.MaxRequestBytes;
            // The gate answers for them: beside gRPC's own routes for what is unknown, every call would have its path taken apart.
            grpcOptions.IgnoreUnknownServices = true;
            grpcOptions.CompressionProviders = [new BoundedGzip(options.MaxRequestBytes)]; // in place of gRPC's own, which bound nothing
        });
        services.AddGrpcHealthChecks();
        services.AddGrpcReflection();
    }

    /// <summary>Maps services, JSON face and probes.</summary>
    public static void MapGateway(this WebApplication app)
    {
        WarnOfWeakIdentity(app);
        CallerDirectory callers = app.Services.GetRequiredService<CallerDirectory>();
        app.Use(next => new SecurityHeaders(next).InvokeAsync);
        app.UseNationalKeys(app.Services.GetRequiredService<GatewayOptions>().National);
        Drain drain = app.Services.GetRequiredService<Drain>();
        WaitingLine line = app.Services.GetRequiredService<WaitingLine>();
        app.Use(next => new Gate(next, callers, line, drain).InvokeAsync);
        app.MapGrpcService<SettlementService>();
        app.MapGrpcService<EnrolmentService>();
        app.MapGrpcService<AgencyService>();
        app.MapGrpcService<FacilityService>();
        app.MapGrpcService<CatalogueService>();
        app.MapGrpcService<PolicyService>();
        app.MapGrpcService<ReconciliationService>();
        app.MapGrpcService<FeedService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.MapJsonFace();
        app.MapNationalFace();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
    }

    private static void WarnOfWeakIdentity(WebApplication app)
    {
        GatewayOptions options = app.Services.GetRequiredService<GatewayOptions>();
        ILogger log = Logger(app.Services);
        if (options.Insecure) log.Insecure();
        else if (app.Services.GetRequiredService<CallerDirectory>().IsEmpty) log.NoKeys(options.KeyFile);
        if (options.Tls.IsOn) return;
        foreach (string address in new[] { options.GrpcAddress, options.HttpAddress })
        {
            if (!IPAddress.IsLoopback(IPEndPoint.Parse(address).Address)) log.PlainText(address);
        }
    }

    private static void Listen(ListenOptions listener, HttpProtocols protocols, ServerCertificate? certificate)
    {
        listener.Protocols = protocols;
        if (certificate is not null) listener.UseTls(certificate);
    }

    private static ILogger Logger(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Settlement.Gateway");
}
