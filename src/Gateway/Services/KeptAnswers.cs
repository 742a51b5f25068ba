using System.Buffers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;

namespace Settlement.Gateway.Services;

/// <summary>
/// Marshallers that write an answer's kept bytes instead of encoding it a second time, which costs as much as deciding it. An answer
/// without kept bytes (a repeat, or one that came from another process) is encoded as ever; on the wire the two are the same.
/// </summary>
internal static class KeptAnswers
{
    // A length of up to 2^31 takes five bytes at most.
    private const int MaxVarint = 5;

    // What the gateway lets pass as a request id.
    private const int MaxKeptRequestId = 64;

    /// <summary>For Settle.</summary>
    public static Marshaller<SettleResponse> Marshaller(Marshaller<SettleResponse> generated)
    {
        Action<SettleResponse, SerializationContext> encode = generated.ContextualSerializer;
        return Marshallers.Create(Serialize, generated.ContextualDeserializer);

        void Serialize(SettleResponse answer, SerializationContext context)
        {
            if (answer.Kept.IsEmpty)
            {
                encode(answer, context);
                return;
            }

            context.SetPayloadLength(answer.Kept.Length);
            context.GetBufferWriter().Write(answer.Kept.Span);
            context.Complete();
        }
    }

    /// <summary>For SettleMany.</summary>
    public static Marshaller<SettleManyResponse> Marshaller(Marshaller<SettleManyResponse> generated)
    {
        Action<SettleManyResponse, SerializationContext> encode = generated.ContextualSerializer;
        return Marshallers.Create(Serialize, generated.ContextualDeserializer);

        void Serialize(SettleManyResponse answer, SerializationContext context)
        {
            if (answer.Settled is not { Kept: { IsEmpty: false } kept } || answer.RequestId.Length is 0 or > MaxKeptRequestId)
            {
                encode(answer, context);
                return;
            }

            Span<byte> head = stackalloc byte[2 * (1 + MaxVarint) + Encoding.UTF8.GetMaxByteCount(MaxKeptRequestId)];
            int length = 0;
            head[length++] = Tag(SettleManyResponse.RequestIdFieldNumber);
            int text = Encoding.UTF8.GetByteCount(answer.RequestId);
            WriteVarint(head, ref length, text);
            length += Encoding.UTF8.GetBytes(answer.RequestId, head[length..]);
            head[length++] = Tag(SettleManyResponse.SettledFieldNumber);
            WriteVarint(head, ref length, kept.Length);

            context.SetPayloadLength(length + kept.Length);
            IBufferWriter<byte> wire = context.GetBufferWriter();
            wire.Write(head[..length]);
            wire.Write(kept.Span);
            context.Complete();
        }
    }

    private static byte Tag(int field) => (byte)WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);

    private static void WriteVarint(Span<byte> bytes, ref int length, int value)
    {
        uint rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
    }
}
