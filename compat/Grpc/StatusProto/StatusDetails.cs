using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Google.Rpc;

public partial class Status
{
    /// <summary>The first detail of this type, or null.</summary>
    public T? GetDetail<T>()
        where T : class, IMessage<T>, new()
    {
        foreach (Any detail in Details)
        {
            if (detail.TryUnpack(out T message))
                return message;
        }

        return null;
    }
}
