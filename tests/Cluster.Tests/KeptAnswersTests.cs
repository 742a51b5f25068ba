using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Services;

namespace Settlement.Cluster.Tests;

/// <summary>An answer that leaves as the bytes which the ledger keeps is, on the wire, the answer encoded.</summary>
public sealed class KeptAnswersTests
{
    private static readonly Marshaller<SettleResponse> Single = KeptAnswers.Marshaller(Generated<SettleResponse>());
    private static readonly Marshaller<SettleManyResponse> Many = KeptAnswers.Marshaller(Generated<SettleManyResponse>());

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void A_kept_answer_is_sent_as_it_was_encoded(int length)
    {
        SettleResponse answer = Answer(length);
        byte[] encoded = answer.ToByteArray();

        Assert.Equal(encoded, Sent(Single, answer));
        answer.Keep();
        Assert.Equal(encoded, Sent(Single, answer));
        Assert.Equal(encoded, answer.Kept.ToArray());
    }

    [Fact]
    public void An_answer_has_no_field_that_keeping_does_not_know() =>
        Assert.Equal(["result", "already_settled"], SettleResponse.Descriptor.Fields.InFieldNumberOrder().Select(field => field.Name));

    [Theory]
    [InlineData("")]
    [InlineData("r1")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四")]
    [InlineData("longer than any request id that passes the gate: 1234567890 1234567890 1234567890")]
    public void Within_a_stream_too(string requestId)
    {
        foreach (int length in new[] { 1, 100, 127, 128, 16_384, 70_000 })
        {
            SettleManyResponse response = new() { RequestId = requestId, Settled = Answer(length) };
            byte[] encoded = response.ToByteArray();

            Assert.Equal(encoded, Sent(Many, response));
            response.Settled.Keep();
            Assert.Equal(encoded, Sent(Many, response));
        }
    }

    [Fact]
    public void A_refusal_within_a_stream_is_encoded_as_ever()
    {
        SettleManyResponse response = new() { RequestId = "r1", Refusal = new Refusal { Code = "BUSY" } };

        Assert.Equal(response.ToByteArray(), Sent(Many, response));
    }

    private static SettleResponse Answer(int length) => new() { Result = new SettlementResult { Person = new string('x', length) } };

    private static Marshaller<T> Generated<T>()
        where T : IMessage<T>, new() =>
        Marshallers.Create(
            static (message, context) => context.Complete(message.ToByteArray()),
            static context => new MessageParser<T>(() => new T()).ParseFrom(context.PayloadAsNewBuffer()));

    private static byte[] Sent<T>(Marshaller<T> marshaller, T message)
    {
        Wire wire = new();
        marshaller.ContextualSerializer(message, wire);
        return wire.Message ?? throw new InvalidOperationException("The message was not completed.");
    }

    private sealed class Wire : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> written = new();
        private int? length;

        public byte[]? Message { get; private set; }

        public override void SetPayloadLength(int payloadLength) => length = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => written;

        public override void Complete()
        {
            Assert.Equal(length, written.WrittenCount);
            Message = written.WrittenSpan.ToArray();
        }

        public override void Complete(byte[] payload) => Message = payload;
    }
}
