using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A state that is read before its grain is activated.</summary>
internal interface ILoadedState
{
    /// <summary>Reads the state.</summary>
    Task ReadStateAsync();
}

/// <summary>The state of an activation: in memory, and the way to its storage.</summary>
internal sealed class PersistentState<TState>(string name, Activation activation, IGrainStorage storage) : IPersistentState<TState>,
    ILoadedState
{
    private readonly GrainState<TState> _state = new();

    public TState State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => storage.ReadStateAsync(name, activation.GrainId, _state);

    public Task WriteStateAsync() => EndOnConflict(storage.WriteStateAsync(name, activation.GrainId, _state));

    public Task ClearStateAsync() => EndOnConflict(storage.ClearStateAsync(name, activation.GrainId, _state));

    /// <summary>Whoever lost against another writer rests on what is no longer true: the next call gets a new activation.</summary>
    private async Task EndOnConflict(Task operation)
    {
        try
        {
            await operation;
        }
        catch (InconsistentStateException conflict)
        {
            activation.Deactivate(new(DeactivationReasonCode.ApplicationError, conflict.Message));
            throw;
        }
    }
}

/// <summary>A parameter of a grain's constructor that takes a stored state.</summary>
internal sealed class StateParameter
{
    private readonly PersistentStateAttribute _declared;
    private readonly Type _state;

    private StateParameter(ParameterInfo parameter, PersistentStateAttribute declared)
    {
        _declared = declared;
        Type = parameter.ParameterType;
        if (!Type.IsGenericType || Type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            throw new ArgumentException(
                $"Parameter {parameter.Name} of {parameter.Member.DeclaringType} has [PersistentState] but is no IPersistentState<T>.");
        _state = typeof(PersistentState<>).MakeGenericType(Type.GenericTypeArguments);
    }

    /// <summary>Type of the parameter.</summary>
    public Type Type { get; }

    /// <summary>Those of a grain class.</summary>
    public static StateParameter[] Of(Type grainClass) =>
    [
        .. grainClass.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => (Parameter: parameter, Declared: parameter.GetCustomAttribute<PersistentStateAttribute>()))
            .Where(parameter => parameter.Declared is not null)
            .Select(parameter => new StateParameter(parameter.Parameter, parameter.Declared!)),
    ];

    /// <summary>The state of an activation.</summary>
    public ILoadedState Create(Activation activation)
    {
        var storage = activation.Silo.Services.GetKeyedService<IGrainStorage>(_declared.StorageName ?? "Default")
            ?? throw new OrleansConfigurationException(
                $"No storage provider named \"{_declared.StorageName ?? "Default"}\" for state \"{_declared.StateName}\".");
        return (ILoadedState)Activator.CreateInstance(_state, _declared.StateName, activation, storage)!;
    }
}
