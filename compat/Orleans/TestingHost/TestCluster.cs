using Microsoft.Extensions.Configuration;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Configures a silo for a test.</summary>
public interface ISiloConfigurator
{
    /// <summary>Configures the silo.</summary>
    void Configure(ISiloBuilder siloBuilder);
}

/// <summary>Configures the client for a test.</summary>
public interface IClientBuilderConfigurator
{
    /// <summary>Configures the client.</summary>
    void Configure(IConfiguration configuration, IClientBuilder clientBuilder);
}

/// <summary>Configures silos for a test. Here: one silo.</summary>
public class TestClusterBuilder
{
    private readonly InProcessTestClusterBuilder _builder;

    /// <summary>A test with two silos, as in Orleans: refused.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public TestClusterBuilder()
        : this(2)
    {
    }

    /// <summary>A test with this many silos.</summary>
    /// <exception cref="NotSupportedException">It is not one.</exception>
    public TestClusterBuilder(short initialSilosCount) => _builder = new(initialSilosCount);

    /// <summary>Adds a configurator, an <see cref="ISiloConfigurator"/>.</summary>
    public TestClusterBuilder AddSiloBuilderConfigurator<T>()
        where T : new()
    {
        if (new T() is not ISiloConfigurator configurator)
            throw new ArgumentException($"{typeof(T)} is no {nameof(ISiloConfigurator)}.");
        _builder.ConfigureSilo((_, silo) => configurator.Configure(silo));
        return this;
    }

    /// <summary>
    /// Adds a configurator, an <see cref="IClientBuilderConfigurator"/>. The client is the silo itself: there is nothing to configure.
    /// </summary>
    public TestClusterBuilder AddClientBuilderConfigurator<T>()
        where T : new() => new T() is IClientBuilderConfigurator
            ? this
            : throw new ArgumentException($"{typeof(T)} is no {nameof(IClientBuilderConfigurator)}.");

    /// <summary>Makes the cluster; nothing starts yet.</summary>
    public TestCluster Build() => new(_builder.Build());
}

/// <summary>A silo and its client in the test's process.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    internal TestCluster(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>The client.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>The client's factory of references.</summary>
    public IGrainFactory GrainFactory => Client;

    /// <summary>Starts the silo.</summary>
    public Task DeployAsync() => _cluster.DeployAsync();

    /// <summary>Stops the silo in good order.</summary>
    public Task StopAllSilosAsync() => _cluster.StopAllSilosAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _cluster.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
