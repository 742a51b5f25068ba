using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Adds a storage of grain states in a database.</summary>
public static class AdoNetGrainStorageSiloBuilderExtensions
{
    /// <summary>Adds a storage by name. Its tables must be there when the silo starts.</summary>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(name, configureOptions);
        builder.Services.AddKeyedSingleton(name, (services, _) => new AdoNetGrainStorage(
            name,
            services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId,
            services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name)));
        builder.Services.AddSingleton(services => services.GetRequiredKeyedService<AdoNetGrainStorage>(name));
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            name, (services, _) => services.GetRequiredKeyedService<AdoNetGrainStorage>(name));
        return builder;
    }
}
