namespace Orleans.Core
{
    /// <summary>A stored state of an activation.</summary>
    public interface IStorage
    {
        /// <summary>The version that was read or written last; null when there is none.</summary>
        string? Etag { get; }

        /// <summary>Whether the storage holds the state.</summary>
        bool RecordExists { get; }

        /// <summary>Empties the state, here and in the storage.</summary>
        Task ClearStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync();

        /// <summary>Reads the state anew.</summary>
        Task ReadStateAsync();
    }

    /// <summary>A stored state of an activation.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A state that the runtime reads before a grain is activated; a parameter of its constructor.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;

    /// <summary>Names a state and where it is kept.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute : Attribute
    {
        /// <summary>A state by its name, in the storage of a name.</summary>
        public PersistentStateAttribute(string stateName, string? storageName = null)
        {
            ArgumentNullException.ThrowIfNull(stateName);
            StateName = stateName;
            StorageName = storageName;
        }

        /// <summary>Name of the state.</summary>
        public string StateName { get; }

        /// <summary>Name of the storage.</summary>
        public string? StorageName { get; }
    }
}
