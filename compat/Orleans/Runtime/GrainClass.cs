using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>What is declared of a grain class.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _factory;
    private readonly StateParameter[] _states;

    public GrainClass(Type type)
    {
        if (type.IsDefined(typeof(StatelessWorkerAttribute), inherit: true))
        {
            throw new NotSupportedException(
                $"Grain class {type.FullName} is a [StatelessWorker]: the stand-in has one activation per grain. Build with Stack=packages.");
        }

        Type = type;
        GrainType = GrainType.Create(NameOf(type));
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        var age = type.GetCustomAttribute<CollectionAgeLimitAttribute>();
        NeverCollected = age is { AlwaysActive: true };
        CollectionAge = age?.AgeLimit;
        _states = StateParameter.Of(type);
        _factory = ActivatorUtilities.CreateFactory(type, Array.ConvertAll(_states, state => state.Type));
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    /// <summary>Whether all calls may overlap between turns.</summary>
    public bool IsReentrant { get; }

    /// <summary>Own limit of idleness, if declared.</summary>
    public TimeSpan? CollectionAge { get; }

    /// <summary>Whether idle activations stay.</summary>
    public bool NeverCollected { get; }

    /// <summary>The stored states of an activation, not yet read.</summary>
    public ILoadedState[] StatesOf(Activation activation) =>
        _states.Length == 0 ? [] : Array.ConvertAll(_states, state => state.Create(activation));

    /// <summary>An instance with its states.</summary>
    public object Create(IServiceProvider services, ILoadedState[] states) => _factory(services, states);

    /// <summary>The name by convention: the class name in lower case without "grain" at its end.</summary>
    private static string NameOf(Type type)
    {
        const string Suffix = "grain";
        var name = type.Name.ToLowerInvariant();
        return name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }
}
