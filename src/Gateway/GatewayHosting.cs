using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Json;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Services;

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
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // gRPC streams are long; single messages are bounded by MaxRequestBytes
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1024;
            kestrel.Listen(grpc, listener => listener.Protocols = HttpProtocols.Http2);
            kestrel.Listen(http, listener => listener.Protocols = HttpProtocols.Http1);
        });
        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<DrainHealth>("accepting", tags: [ReadyTag]);
        services.AddSingleton<CallerDirectory>();
        services.AddSingleton<Edge>();
        services.AddSingleton<SettlementOperations>();
        services.AddSingleton<EnrolmentOperations>();
        services.AddSingleton<AgencyOperations>();
        services.AddSingleton<PolicyOperations>();
        services.AddSingleton<ReconciliationOperations>();
        services.AddSingleton<SettlementService>();
        services.AddSingleton<EnrolmentService>();
        services.AddSingleton<AgencyService>();
        services.AddSingleton<PolicyService>();
        services.AddSingleton<ReconciliationService>();
        services.AddGrpc(grpcOptions =>
        {
            grpcOptions.MaxReceiveMessageSize = options.MaxRequestBytes;
            grpcOptions.CompressionProviders = [new BoundedGzip(options.MaxRequestBytes)]; // in place of gRPC's own, which bound nothing
        });
        services.AddGrpcHealthChecks();
        services.AddGrpcReflection();
    }

    /// <summary>Maps services, JSON face and probes.</summary>
    public static void MapGateway(this WebApplication app)
    {
        WarnOfWeakIdentity(app);
        app.MapGrpcService<SettlementService>();
        app.MapGrpcService<EnrolmentService>();
        app.MapGrpcService<AgencyService>();
        app.MapGrpcService<PolicyService>();
        app.MapGrpcService<ReconciliationService>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.MapJsonFace();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
    }

    private static void WarnOfWeakIdentity(WebApplication app)
    {
        GatewayOptions options = app.Services.GetRequiredService<GatewayOptions>();
        ILogger log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Settlement.Gateway");
        if (options.Insecure) log.Insecure();
        else if (app.Services.GetRequiredService<CallerDirectory>().IsEmpty) log.NoKeys(options.KeyFile);
    }
}
