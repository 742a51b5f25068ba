using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Settlement.Gateway;
using Settlement.Telemetry;
using GatewayOptions = Settlement.Gateway.GatewayOptions;

namespace Settlement.GatewayHost;

/// <summary>Builds the process: the same gateway as in a silo, on an Orleans client.</summary>
public static class GatewayProcess
{
    // Beyond what the longest accepted call may take.
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    /// <summary>Builds the host from configuration (appsettings, environment, command line).</summary>
    /// <exception cref="InvalidOperationException">An option is wrong.</exception>
    /// <exception cref="NotSupportedException">This build has no Orleans client.</exception>
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        GatewayOptions gateway = builder.Configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new();
        ClusterClientSettings cluster = builder.Configuration.GetSection("Cluster").Get<ClusterClientSettings>() ?? new();
        cluster.Validate();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleansClient(client => Configure(client, cluster));
        builder.Services.AddHealthChecks().AddCheck<ClusterHealth>("cluster", tags: [GatewayHosting.ReadyTag]);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = gateway.DrainDelay + cluster.ResponseTimeout + Ending);
        builder.AddGateway(gateway);
        builder.AddTelemetry("settlement-gateway");
        WebApplication app = builder.Build();
        app.MapGateway();
        app.MapTelemetry();
        return app;
    }

    private static void Configure(IClientBuilder client, ClusterClientSettings cluster)
    {
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = cluster.ConnectionString;
        });
        client.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = cluster.ServiceId;
            options.ClusterId = cluster.ClusterId;
        });
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = cluster.ResponseTimeout);
        client.AddActivityPropagation();
        client.Services.AddSerializer(serializer => serializer.AddProtobufSerializer());
    }
}
