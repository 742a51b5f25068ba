using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Services;
using Settlement.Persons;

namespace Settlement.Cluster.Tests.Answers;

/// <summary>An answer that leaves as the bytes which the ledger keeps is, on the wire, the message of the contract.</summary>
public sealed class EncodedAnswersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(20_000)]
    public void An_answer_is_sent_as_it_was_encoded(int length)
    {
        byte[] encoded = Message(length).ToByteArray();

        Assert.Equal(encoded, Sent(EncodedAnswers.OfSettle, new SettleAnswer(encoded)));
        Assert.Equal(Message(length), new SettleAnswer(encoded).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("r1")]
    [InlineData("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四")]
    [InlineData("longer than any request id that passes the gate: 1234567890 1234567890 1234567890")]
    public void Within_a_stream_too(string requestId)
    {
        foreach (int length in new[] { 1, 100, 127, 128, 16_384, 70_000 })
        {
            byte[] expected = new SettleManyResponse { RequestId = requestId, Settled = Message(length) }.ToByteArray();

            Assert.Equal(expected, Sent(EncodedAnswers.OfSettleMany, new BulkAnswer(requestId, SettleAnswer.Of(Message(length)))));
        }
    }

    [Fact]
    public void A_refusal_within_a_stream_is_the_contracts_message()
    {
        Refusal refusal = new() { Code = "BUSY" };

        Assert.Equal(
            new SettleManyResponse { RequestId = "r1", Refusal = refusal }.ToByteArray(),
            Sent(EncodedAnswers.OfSettleMany, new BulkAnswer("r1", refusal)));
    }

    private static SettleResponse Message(int length) => new() { Result = new SettlementResult { Person = new string('x', length) } };

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
