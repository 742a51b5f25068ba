using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Orleans.Hosting;
using Orleans.Serialization;
using Settlement.Gateway;
using Settlement.Peers.Deciding;
using Settlement.Peers.Grains;
using Settlement.Peers.Sql;
using Settlement.Policy;

namespace Settlement.Peers.Hosting;

/// <summary>Builds a peer's process on the front of the product: the same listeners, limits and gRPC server.</summary>
internal static class PeerHost
{
    public const string Counter = "grain";
    public const string Rules = "grain-rules";
    public const string State = "grain-state";
    public const string RowLock = "row-lock";
    public const string OneStatement = "one-statement";

    /// <summary>Builds the host; the peer's tables are there afterwards.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        PeerOptions options = builder.Configuration.GetSection("Peer").Get<PeerOptions>() ?? new();
        Settlement.Gateway.GatewayOptions gateway = builder.Configuration.GetSection("Gateway").Get<Settlement.Gateway.GatewayOptions>()
            ?? new();
        builder.AddGateway(gateway);
        if (options.Kind is Counter or Rules or State) builder.UseOrleans(Configure);
        IServiceCollection services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new Adjudicator(PolicyCatalogue.Load(builder.Configuration["Policies:Directory"] ?? "policies")));
        services.AddSingleton(options);
        services.AddSingleton<Decisions>();
        services.AddSingleton<PeerDatabase>();
        Add(services, options.Kind);

        WebApplication app = builder.Build();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions());
        if (options.Kind == Counter)
        {
            app.MapGrpcService<CounterService>();
            return app;
        }

        await app.Services.GetRequiredService<IPeer>().PrepareAsync(CancellationToken.None);
        app.MapGrpcService<PeerSettlementService>();
        app.MapGrpcService<PeerEnrolmentService>();
        return app;
    }

    private static void Configure(ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort());
        silo.Services.AddSerializer(serializer => serializer.AddProtobufSerializer());
    }

    /// <summary>Several peers run at once, and Orleans wants to know its ports before it listens.</summary>
    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Add(IServiceCollection services, string kind)
    {
        services.AddSingleton<CounterService>();
        services.AddSingleton<PeerSettlementService>();
        services.AddSingleton<PeerEnrolmentService>();
        switch (kind)
        {
            case Counter:
                break;
            case Rules:
                services.AddSingleton<IGrainState, MemoryState>();
                services.AddSingleton<IPeer, GrainPeer>();
                break;
            case State:
                services.AddSingleton<IGrainState, StateTable>();
                services.AddSingleton<IPeer, GrainPeer>();
                break;
            case RowLock:
                services.AddSingleton<IPeer, RowLockPeer>();
                break;
            case OneStatement:
                services.AddSingleton<IPeer, OneStatementPeer>();
                break;
            default:
                throw new InvalidOperationException(
                    $"Peer:Kind is '{kind}': expected {Counter}, {Rules}, {State}, {RowLock} or {OneStatement}.");
        }
    }
}
