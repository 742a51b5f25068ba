using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Statistics;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// The runtime of one process: grain classes, activations, waiting callers and the heartbeat. Starts and stops with the host.
/// </summary>
internal sealed class Silo : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<GrainClass, ActivationDirectory> _directories = new();
    private readonly ConcurrentDictionary<Type, GrainBinding> _bindings = new();
    private readonly IOptions<ClusterOptions> _cluster;
    private readonly bool _clusteringIsChosen;
    private readonly MemoryPressure? _memory;
    private long _nextCollection;
    private volatile Phase _phase;

    public Silo(
        IServiceProvider services,
        TimeProvider time,
        ILoggerFactory logs,
        IOptions<ClusterOptions> cluster,
        IOptions<GrainCollectionOptions> collection,
        IOptions<SiloMessagingOptions> messaging,
        IEnvironmentStatisticsProvider statistics,
        IMeterFactory meters,
        IEnumerable<ClusteringChoice> clustering,
        ActivityPropagation? activities = null)
    {
        Services = services;
        PropagatesActivities = activities is not null;
        Time = time;
        Log = logs.CreateLogger("Orleans.Silo");
        Collection = collection.Value;
        Messaging = messaging.Value;
        _cluster = cluster;
        _clusteringIsChosen = clustering.Any();
        Client = new GrainClient(this);
        SiloOptionsRules.Check(Collection, Messaging);
        Heartbeat = new Heartbeat(time, BeatFor(Collection, Messaging), OnBeat);
        Pending = new PendingCalls(Heartbeat, Messaging.ResponseTimeout);
        if (Collection.EnableActivationSheddingOnMemoryPressure) _memory = new MemoryPressure(Collection, statistics, Log);
        meters.Create("Microsoft.Orleans")
            .CreateObservableGauge("orleans-catalog-activations", () => _directories.Values.Sum(directory => directory.Count));
    }

    private enum Phase
    {
        Created,
        Running,
        Stopping,
        Stopped,
    }

    public IServiceProvider Services { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public GrainCollectionOptions Collection { get; }

    public SiloMessagingOptions Messaging { get; }

    public GrainClient Client { get; }

    public Heartbeat Heartbeat { get; }

    public PendingCalls Pending { get; }

    /// <summary>Whether a grain's work belongs to the trace of its caller.</summary>
    public bool PropagatesActivities { get; }

    public bool IsRunning => _phase == Phase.Running;

    public bool IsStopping => _phase == Phase.Stopping;

    private IEnumerable<Activation> Activations => _directories.Values.SelectMany(directory => directory.Activations);

    /// <summary>The reference class and the activations of a grain interface.</summary>
    public GrainBinding BindingOf(Type grainInterface) => _bindings.TryGetValue(grainInterface, out var binding)
        ? binding
        : _bindings.GetOrAdd(grainInterface, static (type, silo) => silo.Bind(type), this);

    /// <summary>Why a call is refused now.</summary>
    public SiloUnavailableException Refusal() =>
        new(_phase == Phase.Created ? "The silo has not started." : "The silo is stopping or has stopped.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SiloOptionsRules.Check(_cluster.Value, _clusteringIsChosen);
        foreach (var storage in Services.GetServices<AdoNetGrainStorage>()) await storage.InitAsync(cancellationToken);
        _phase = Phase.Running;
        Heartbeat.Start();
        Log.Started();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_phase is Phase.Stopping or Phase.Stopped) return;
        _phase = Phase.Stopping;
        var ended = await DeactivateAllAsync(cancellationToken);
        _phase = Phase.Stopped;
        Heartbeat.Dispose();
        Pending.Close(request => new SiloUnavailableException($"The silo stopped before {request} was answered."));
        Log.Stopped(ended, Activations.Count());
    }

    public void Dispose() => Heartbeat.Dispose();

    private static TimeSpan BeatFor(GrainCollectionOptions collection, SiloMessagingOptions messaging)
    {
        var beat = TimeSpan.FromSeconds(1);
        if (messaging.ResponseTimeout < beat) beat = messaging.ResponseTimeout;
        if (collection.CollectionQuantum < beat) beat = collection.CollectionQuantum;
        if (collection.EnableActivationSheddingOnMemoryPressure && collection.MemoryUsagePollingPeriod < beat)
            beat = collection.MemoryUsagePollingPeriod;
        return beat < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : beat;
    }

    /// <summary>Ends all activations, also those that others start while they end, until the time for stopping is over.</summary>
    private async Task<int> DeactivateAllAsync(CancellationToken cancellationToken)
    {
        var reason = new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo is shutting down.");
        var ended = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var activations = Activations.ToList();
            if (activations.Count == 0) break;
            foreach (var activation in activations) activation.Deactivate(reason, cancellationToken);
            try
            {
                await Task.WhenAll(activations.Select(activation => activation.Deactivated)).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            ended += activations.Count;
        }

        return ended;
    }

    private GrainBinding Bind(Type grainInterface)
    {
        var grainClass = GrainClasses.Implementing(grainInterface);
        var create = ProxyFactory.For(grainInterface, grainClass);
        return new(_directories.GetOrAdd(grainClass, static (type, silo) => new ActivationDirectory(silo, type), this), create);
    }

    private void OnBeat(long now)
    {
        Pending.Expire(now);
        if (!IsRunning) return;
        _memory?.Relieve(now, _directories.Values);
        if (now < _nextCollection) return;
        _nextCollection = now + Collection.CollectionQuantum.Ticks;
        foreach (var activation in Activations) activation.CollectIfIdle(now);
    }
}
