using System.Buffers;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Persons;

namespace Settlement.Gateway.Services;

/// <summary>
/// Marshallers that send the bytes which the ledger keeps as answer, instead of encoding a message a second time, which costs as much as
/// deciding it. On the wire the two are the same.
/// </summary>
internal static class EncodedAnswers
{
    // A length of up to 2^31 takes five bytes at most.
    private const int MaxVarint = 5;

    // What the gateway lets pass as a request id.
    private const int MaxUsualRequestId = 64;

    /// <summary>For Settle.</summary>
    public static Marshaller<SettleAnswer> OfSettle { get; } = Marshallers.Create(
        Write, static context => new SettleAnswer(context.PayloadAsNewBuffer()));

    /// <summary>For SettleMany; the server never reads such an answer.</summary>
    public static Marshaller<BulkAnswer> OfSettleMany { get; } = Marshallers.Create<BulkAnswer>(
        Write, static _ => throw new NotSupportedException("The answers of a stream are written here, not read."));

    private static void Write(SettleAnswer answer, SerializationContext context)
    {
        context.SetPayloadLength(answer.Encoded.Length);
        context.GetBufferWriter().Write(answer.Encoded);
        context.Complete();
    }

    private static void Write(BulkAnswer answer, SerializationContext context)
    {
        if (answer.Settled is not { } settled || answer.RequestId.Length is 0 or > MaxUsualRequestId)
        {
            context.Complete(Message(answer).ToByteArray());
            return;
        }

        Span<byte> head = stackalloc byte[2 * (1 + MaxVarint) + Encoding.UTF8.GetMaxByteCount(MaxUsualRequestId)];
        int length = 0;
        head[length++] = Tag(SettleManyResponse.RequestIdFieldNumber);
        int text = Encoding.UTF8.GetByteCount(answer.RequestId);
        WriteVarint(head, ref length, text);
        length += Encoding.UTF8.GetBytes(answer.RequestId, head[length..]);
        head[length++] = Tag(SettleManyResponse.SettledFieldNumber);
        WriteVarint(head, ref length, settled.Encoded.Length);

        context.SetPayloadLength(length + settled.Encoded.Length);
        IBufferWriter<byte> wire = context.GetBufferWriter();
        wire.Write(head[..length]);
        wire.Write(settled.Encoded);
        context.Complete();
    }

    private static SettleManyResponse Message(BulkAnswer answer)
    {
        SettleManyResponse message = new() { RequestId = answer.RequestId };
        if (answer.Settled is { } settled) message.Settled = settled.Message;
        else message.Refusal = answer.Refusal;
        return message;
    }

    private static byte Tag(int field) => (byte)WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited);

    private static void WriteVarint(Span<byte> bytes, ref int length, int value)
    {
        uint rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
    }
}
