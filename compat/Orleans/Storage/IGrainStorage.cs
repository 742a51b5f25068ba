using Orleans.Runtime;

namespace Orleans.Storage
{
    /// <summary>Keeps the states of grains. A write names the version it rests on and fails when another was written since.</summary>
    public interface IGrainStorage
    {
        /// <summary>Reads a state; one that was never written is a new instance.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Writes a state.</summary>
        /// <exception cref="InconsistentStateException">Another version was written since the state was read.</exception>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>Empties a state.</summary>
        /// <exception cref="InconsistentStateException">Another version was written since the state was read.</exception>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }

    /// <summary>The form in which a state is stored.</summary>
    public interface IGrainStorageSerializer
    {
        /// <summary>A state as bytes.</summary>
        BinaryData Serialize<T>(T? input);

        /// <summary>A state from bytes.</summary>
        T? Deserialize<T>(BinaryData input);
    }

    /// <summary>A state was written by someone else since it was read. The activation that tried ends.</summary>
    public class InconsistentStateException : OrleansException
    {
        /// <summary>Without a text.</summary>
        public InconsistentStateException()
        {
        }

        /// <summary>With a text.</summary>
        public InconsistentStateException(string message)
            : base(message)
        {
        }

        /// <summary>With a text and a cause.</summary>
        public InconsistentStateException(string message, Exception? innerException)
            : base(message, innerException!)
        {
        }
    }
}

namespace Orleans
{
    /// <summary>A state on its way between grain and storage.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T? State { get; set; }

        /// <summary>The version that was read or written last; null when there is none.</summary>
        string? ETag { get; set; }

        /// <summary>Whether the storage holds the state.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A state on its way between grain and storage.</summary>
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <inheritdoc/>
        public T? State { get; set; }

        /// <inheritdoc/>
        public string? ETag { get; set; }

        /// <inheritdoc/>
        public bool RecordExists { get; set; }
    }
}
