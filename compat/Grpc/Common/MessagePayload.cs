using System.Buffers;
using Grpc.Core;

namespace Settlement.Compat.Grpc.Common;

/// <summary>
/// Shows a deserialiser one message in place. Deserialising never leaves its thread, so each thread has one for all calls.
/// </summary>
internal sealed class MessagePayload : DeserializationContext
{
    [ThreadStatic]
    private static MessagePayload? ofThread;

    private ReadOnlySequence<byte> payload;

    public override int PayloadLength => (int)payload.Length;

    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;

    internal static T Read<T>(Func<DeserializationContext, T> deserializer, in ReadOnlySequence<byte> message)
    {
        MessagePayload context = ofThread ??= new MessagePayload();
        context.payload = message;
        try
        {
            return deserializer(context);
        }
        finally
        {
            context.payload = default;
        }
    }
}
