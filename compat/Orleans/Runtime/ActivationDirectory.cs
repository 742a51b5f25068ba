using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>The activations of one grain class in one silo: at most one per key.</summary>
internal sealed class ActivationDirectory
{
    private readonly ConcurrentDictionary<string, Activation> _activations = new(StringComparer.Ordinal);

    public ActivationDirectory(Silo silo, GrainClass grainClass)
    {
        Silo = silo;
        Class = grainClass;
        var age = grainClass.CollectionAge ?? silo.Collection.CollectionAge;
        var atLeast = age.Ticks + Math.Max(silo.Collection.CollectionQuantum.Ticks, Silo.Heartbeat.Period.Ticks);
        IdleTicks = grainClass.NeverCollected ? long.MaxValue : atLeast;
    }

    public Silo Silo { get; }

    public GrainClass Class { get; }

    /// <summary>
    /// Idle time after which an activation is collected, in 100 ns. The clock of use is coarse, so a beat is added: none is collected
    /// early.
    /// </summary>
    public long IdleTicks { get; }

    /// <summary>How many activations there are. Counting takes every lock of the table: for gauges, not for calls.</summary>
    public int Count => _activations.Count;

    /// <summary>The activations of now.</summary>
    public IEnumerable<Activation> Activations => _activations.Select(pair => pair.Value);

    public GrainId IdOf(string key) => new(Class.GrainType, IdSpan.Create(key));

    /// <summary>The activation of a key, made when there is none.</summary>
    public Activation Get(string key) => _activations.TryGetValue(key, out var activation)
        ? activation
        : _activations.GetOrAdd(key, static (key, directory) => new Activation(directory, key), this);

    /// <summary>
    /// Ends the entry of an activation; if requests must move, a successor that holds them takes its place at the same moment.
    /// </summary>
    public Activation? Replace(Activation ended, List<Request> moving)
    {
        if (moving.Count == 0)
        {
            _activations.TryRemove(KeyValuePair.Create(ended.Key, ended));
            return null;
        }

        var successor = new Activation(this, ended.Key);
        successor.Inherit(moving);
        _activations[ended.Key] = successor;
        return successor;
    }
}
