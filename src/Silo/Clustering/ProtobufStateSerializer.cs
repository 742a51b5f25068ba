using System.Text;
using Google.Protobuf;
using Orleans.Storage;

namespace Settlement.Silo.Clustering;

/// <summary>
/// States are messages of the contract, stored as protobuf JSON: readable in the database, the same on every stack, and open to
/// fields that come later. A field that is not known is passed over, so that the version before can be started again.
/// </summary>
internal sealed class ProtobufStateSerializer : IGrainStorageSerializer
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => input is IMessage message
        ? new BinaryData(Encoding.UTF8.GetBytes(Formatter.Format(message)))
        : throw new NotSupportedException($"State {typeof(T)} is no protobuf message.");

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => Activator.CreateInstance<T>() is IMessage empty
        ? (T)Parser.Parse(Encoding.UTF8.GetString(input), empty.Descriptor)
        : throw new NotSupportedException($"State {typeof(T)} is no protobuf message.");
}
