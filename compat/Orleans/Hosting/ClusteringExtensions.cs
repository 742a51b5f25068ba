using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>A silo on its own.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Configures a single silo. The ports are for other silos and clients; here there are none, and nothing is opened.</summary>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = 11111,
        int gatewayPort = 30000,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev",
        string clusterId = "dev")
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (primarySiloEndpoint is not null) throw new NotSupportedException(AdoNetHostingExtensions.OneSiloOnly);
        builder.Services.AddSingleton(new ClusteringChoice());
        if (serviceId != "dev" || clusterId != "dev")
        {
            builder.Configure<ClusterOptions>(options =>
            {
                options.ServiceId = serviceId;
                options.ClusterId = clusterId;
            });
        }

        return builder;
    }

    /// <summary>
    /// Lets the work of grains belong to the trace of their callers. Spans of its own, as Orleans has them, are not made.
    /// </summary>
    public static ISiloBuilder AddActivityPropagation(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<ActivityPropagation>();
        return builder;
    }
}

/// <summary>Cluster membership in a database: not here.</summary>
public static class AdoNetHostingExtensions
{
    internal const string OneSiloOnly =
        "This build stands on the single-process stand-in for Orleans: silos do not form a cluster. Build with Stack=packages for clustering, "
        + "or run single silos that share one PostgreSQL ledger behind a consistent-hash proxy.";

    /// <summary>Refused at once: clustering is Orleans' own work and is not imitated.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static ISiloBuilder UseAdoNetClustering(this ISiloBuilder builder, Action<AdoNetClusteringSiloOptions> configureOptions) =>
        throw new NotSupportedException(OneSiloOnly);

    /// <inheritdoc cref="UseAdoNetClustering(ISiloBuilder, Action{AdoNetClusteringSiloOptions})"/>
    public static IClientBuilder UseAdoNetClustering(this IClientBuilder builder, Action<AdoNetClusteringClientOptions> configureOptions) =>
        throw new NotSupportedException(OneSiloOnly);
}
