using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Names of one silo of a test.</summary>
public sealed class InProcessTestSiloSpecificOptions
{
    /// <summary>Name of the silo.</summary>
    public string SiloName { get; set; } = null!;
}

/// <summary>Configures silos for a test. Here: one silo.</summary>
public sealed class InProcessTestClusterBuilder
{
    private readonly List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> _configure = [];

    /// <summary>A test with this many silos.</summary>
    /// <exception cref="NotSupportedException">It is not one.</exception>
    public InProcessTestClusterBuilder(short initialSilosCount)
    {
        if (initialSilosCount != 1) throw new NotSupportedException(AdoNetHostingExtensions.OneSiloOnly);
    }

    /// <summary>Configures the silo's host and the client's; here they are one.</summary>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        _configure.Add((_, host) => configureDelegate(host));
        return this;
    }

    /// <summary>Configures the silo's host.</summary>
    public InProcessTestClusterBuilder ConfigureSiloHost(
        Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        _configure.Add(configureSiloHostDelegate);
        return this;
    }

    /// <summary>Configures the silo.</summary>
    public InProcessTestClusterBuilder ConfigureSilo(Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        _configure.Add((options, host) => host.UseOrleans(silo => configureSiloDelegate(options, silo)));
        return this;
    }

    /// <summary>Makes the cluster; nothing starts yet.</summary>
    public InProcessTestCluster Build() => new(_configure);
}

/// <summary>A silo and its client in the test's process.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly IReadOnlyList<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> _configure;
    private IHost? _host;

    internal InProcessTestCluster(IReadOnlyList<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> configure) =>
        _configure = configure;

    /// <summary>The client.</summary>
    public IClusterClient Client => Host.Services.GetRequiredService<IClusterClient>();

    private IHost Host => _host ?? throw new InvalidOperationException("The cluster has not been deployed.");

    /// <summary>Starts the silo.</summary>
    public async Task DeployAsync()
    {
        if (_host is not null) throw new InvalidOperationException("The cluster has been deployed already.");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "TestCluster" });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = new InProcessTestSiloSpecificOptions { SiloName = "Silo_0" };
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        foreach (var configure in _configure) configure(options, builder);
        _host = builder.Build();
        await _host.StartAsync();
    }

    /// <summary>Stops the silo in good order.</summary>
    public Task StopAllSilosAsync() => _host?.StopAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
    }
}
