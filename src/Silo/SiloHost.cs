using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Settlement.Registry;
using Settlement.Gateway;
using Settlement.Ledger;
using Settlement.Ledger.Facilities;
using Settlement.Ledger.Nodes;
using Settlement.Policy;
using Settlement.Silo.Clustering;
using Settlement.Silo.Nodes;
using Settlement.Telemetry;
using Settlement.WebConsole;
using Settlement.WebConsole.Nodes;
using GatewayOptions = Settlement.Gateway.GatewayOptions;

namespace Settlement.Silo;

/// <summary>Builds the process: rules and ledger first, so that nothing is served by a silo that could not settle.</summary>
public static class SiloHost
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    // Beyond what the longest accepted call may take.
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Builds the host from configuration (appsettings, environment, command line), with packs loaded and the ledger open.
    /// </summary>
    /// <param name="args">Configuration, as on the command line.</param>
    /// <param name="time">The clock; the system's when left out.</param>
    /// <exception cref="InvalidPackException">A policy pack is wrong: file, line and reason of each error.</exception>
    /// <exception cref="LedgerException">The ledger cannot be used: schema, settings or connection.</exception>
    /// <exception cref="InvalidOperationException">An option is wrong.</exception>
    public static async Task<WebApplication> BuildAsync(string[] args, TimeProvider? time = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        GatewayOptions gateway = builder.Configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new();
        LedgerOptions ledger = builder.Configuration.GetSection("Ledger").Get<LedgerOptions>() ?? new();
        ClusterSettings cluster = builder.Configuration.GetSection("Cluster").Get<ClusterSettings>() ?? new();
        ConsoleOptions console = builder.Configuration.GetSection("Console").Get<ConsoleOptions>() ?? new();
        VisitOptions visits = builder.Configuration.GetSection("Visits").Get<VisitOptions>() ?? new();
        ledger.Validate();
        cluster.Validate();
        visits.Validate();
        PolicyLibrary library = PolicyLibrary.Load(builder.Configuration["Policies:Directory"] ?? "policies");
        PolicyCatalogue policies = library.Catalogue;

        builder.Services.AddSingleton(time ?? TimeProvider.System);
        // Orleans asks for clocks by key: its heartbeats, timeouts and maintenance go by the system's, whatever the day of a settlement.
        builder.Services.AddKeyedSingleton(KeyedService.AnyKey, static (_, _) => TimeProvider.System);
        builder.Services.AddSingleton(library);
        builder.Services.AddSingleton(policies);
        builder.Services.AddSingleton(new Adjudicator(policies));
        builder.Services.AddSingleton(services => LedgerStore.Create(ledger, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(FacilityJournal.Create(ledger));
        builder.Services.AddSingleton(visits);
        builder.Services.AddHostedService<VisitRetention>();
        builder.Services.AddSingleton(cluster);
        builder.Services.AddSingleton(services => NodeRegister.Create(ledger, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<NodeBoard>();
        builder.Services.AddSingleton<INodeBoard>(services => services.GetRequiredService<NodeBoard>());
        builder.Services.AddHostedService<NodeReporting>();
        builder.Services.AddSingleton(services => new LedgerWriter(
            services.GetRequiredService<ILedgerStore>(),
            ledger.Writer,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LedgerWriter>>()));
        builder.Services.AddHealthChecks()
            .AddCheck<LedgerHealth>("ledger", failureStatus: null, [GatewayHosting.ReadyTag], LedgerHealth.Patience);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = gateway.DrainDelay + cluster.ResponseTimeout + Ending);
        ClusterStore clusterStore = ClusterStore.Of(cluster, ledger);
        builder.UseOrleans(silo => Configure(silo, cluster, clusterStore));
        builder.AddGateway(gateway);
        builder.AddTelemetry("settlement-silo");
        builder.Services.AddSingleton<SiloMetrics>();
        builder.AddConsole(console);

        WebApplication app = builder.Build();
        await OpenLedgerAsync(app.Services, policies);
        await clusterStore.InitialiseAsync();
        WarnOfStaleValues(app.Services, policies);
        app.MapGateway();
        app.MapTelemetry();
        app.Services.GetRequiredService<SiloMetrics>();
        app.MapConsole();
        return app;
    }

    private static void Configure(ISiloBuilder silo, ClusterSettings cluster, ClusterStore store)
    {
        if (cluster.Membership == "adonet")
        {
            silo.UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = store.ConnectionString;
            });
            silo.Configure<ClusterMembershipOptions>(options => options.ProbeTimeout = cluster.ProbeTimeout);
            Advertise(silo, cluster);
        }
        else
        {
            silo.UseLocalhostClustering(PortOrFree(cluster.SiloPort), PortOrFree(cluster.GatewayPort));
        }

        silo.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = cluster.ServiceId;
            options.ClusterId = cluster.ClusterId;
        });
        (double limit, double target) = MemoryLimit.Percentages(cluster.MemoryLimitMiB, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionAge = cluster.CollectionAge;
            options.EnableActivationSheddingOnMemoryPressure = true;
            options.MemoryUsagePollingPeriod = cluster.MemoryPollingPeriod;
            options.MemoryUsageLimitPercentage = limit;
            options.MemoryUsageTargetPercentage = target;
        });
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = cluster.ResponseTimeout);
        KeepStates(silo, cluster, store);
        silo.AddActivityPropagation();
        silo.Services.AddSerializer(serializer => serializer.AddProtobufSerializer());
    }

    /// <summary>Where others reach this silo, and where it listens: on loopback only if that is where they reach it.</summary>
    private static void Advertise(ISiloBuilder silo, ClusterSettings cluster)
    {
        string? host = cluster.AdvertisedAddress.Length > 0 ? cluster.AdvertisedAddress : null; // null: this machine's own
        int siloPort = cluster.AdvertisedSiloPort > 0 ? cluster.AdvertisedSiloPort : cluster.SiloPort;
        int gatewayPort = cluster.AdvertisedGatewayPort > 0 ? cluster.AdvertisedGatewayPort : cluster.GatewayPort;
        silo.ConfigureEndpoints(host, siloPort, gatewayPort);
        silo.Configure<EndpointOptions>(options =>
        {
            IPAddress listening = IPAddress.IsLoopback(options.AdvertisedIPAddress) ? options.AdvertisedIPAddress : IPAddress.Any;
            options.SiloListeningEndpoint = new IPEndPoint(listening, cluster.SiloPort);
            options.GatewayListeningEndpoint = new IPEndPoint(listening, cluster.GatewayPort);
        });
    }

    /// <summary>The facility registry's storage: Orleans' own in PostgreSQL, ours in the file of a single silo.</summary>
    private static void KeepStates(ISiloBuilder silo, ClusterSettings cluster, ClusterStore store)
    {
        if (store.IsPostgres)
        {
            silo.AddAdoNetGrainStorage(FacilityGrain.Storage, options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = store.ConnectionString;
                options.GrainStorageSerializer = new ProtobufStateSerializer();
            });
        }
        else
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                FacilityGrain.Storage, (_, _) =>
                    new SqliteGrainStorage(store.ConnectionString, cluster.ServiceId, new ProtobufStateSerializer()));
        }
    }

    /// <summary>Orleans wants to know its ports before it listens: silos on one machine that need no fixed ones get free ones.</summary>
    private static int PortOrFree(int port)
    {
        if (port != 0) return port;
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Opens the ledger and keeps every pack in it, so that what they decide can be computed again years later.</summary>
    private static async Task OpenLedgerAsync(IServiceProvider services, PolicyCatalogue policies)
    {
        ILedgerStore store = services.GetRequiredService<ILedgerStore>();
        await store.InitialiseAsync();
        foreach (Pack pack in policies.Packs)
            await store.RegisterPackAsync(pack.PackKey, [.. pack.Hash], $"{pack.Name} {pack.Version}", [.. pack.Archive]);
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Settlement.Silo");
        log.LedgerOpen(store.Description, policies.Packs.Length);
    }

    private static void WarnOfStaleValues(IServiceProvider services, PolicyCatalogue policies)
    {
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Settlement.Silo");
        DateOnly today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().ToOffset(China).DateTime);
        foreach (Pack pack in policies.Packs)
        {
            foreach (ParameterDefinition parameter in pack.StaleOn(today)) log.StaleParameter(pack.Name, parameter.Name);
        }
    }
}
