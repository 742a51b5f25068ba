using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace Settlement.Contract;

/// <summary>What grains tell the test: events by name, which the test can await. One object for all grains of a silo.</summary>
public sealed class Observer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _events = new();
    private readonly ConcurrentQueue<string> _log = new();

    /// <summary>Everything that was reported, in order.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public int Count(string name) => _log.Count(entry => entry == name);

    /// <summary>Tells that something happened.</summary>
    public void Report(string name)
    {
        _log.Enqueue(name);
        Event(name).TrySetResult();
    }

    /// <summary>Ends when it has happened. The bound only guards against a hanging test.</summary>
    public Task Until(string name) => Event(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    private TaskCompletionSource Event(string name) =>
        _events.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>One silo and its client, with an observer among the services of the grains.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private Cluster(InProcessTestCluster cluster) => _cluster = cluster;

    public Observer Observer { get; private init; } = null!;

    public IClusterClient Client => _cluster.Client;

    public static async Task<Cluster> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var observer = new Observer();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(observer);
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new Cluster(cluster) { Observer = observer };
    }

    public Task StopAsync() => _cluster.StopAllSilosAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>A key nobody else uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");
}

/// <summary>A silo with default options, shared by the tests of one class.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private Cluster? _cluster;

    public IClusterClient Client => _cluster!.Client;

    public Observer Observer => _cluster!.Observer;

    public async Task InitializeAsync() => _cluster = await Cluster.StartAsync();

    public async Task DisposeAsync() => await _cluster!.DisposeAsync();
}
