using Google.Protobuf;
using Settlement.Bench.Payloads;
using Settlement.Contract;

namespace Settlement.Load.Tests.Payloads;

/// <summary>What the load sends and how it looks at answers, against the encoder that everybody uses.</summary>
public sealed class SettleTemplateTests
{
    [Fact]
    public void A_patched_request_has_the_bytes_of_the_encoded_message()
    {
        Discharges discharges = new(persons: 9_999_999, seed: 7);
        SettleTemplate template = new();
        byte[] patched = new byte[template.Length];
        for (long number = 0; number < 2_000; number++)
        {
            Discharge discharge = discharges.Facts(number * 4_999_999);
            Assert.Equal(template.Length, template.Write(patched, discharge));
            Assert.Equal(Discharges.Request(discharge).ToByteArray(), patched);
        }
    }

    [Fact]
    public void Connections_never_send_the_same_discharge()
    {
        Discharges discharges = new(persons: 10, seed: 1);
        SettleCalls[] connections = [new(discharges), new(discharges), new(discharges, hot: true)];
        HashSet<string> seen = [];
        byte[] request = new byte[connections[0].MaxRequestBytes];
        for (int i = 0; i < 3_000; i++)
        {
            int length = connections[i % 3].Write(request);
            SettleRequest sent = SettleRequest.Parser.ParseFrom(request, 0, length);
            Assert.True(seen.Add(sent.RequestId) && seen.Add(sent.VisitId));
            Assert.Equal(i % 3 == 2, sent.Person == Discharges.PersonId(discharges.HotPerson));
        }
    }

    [Fact]
    public void Every_person_is_registered_once_by_the_connections_together()
    {
        List<string> persons = [];
        foreach (RegisterCalls calls in Enumerable.Range(0, 3).Select(index => new RegisterCalls(11, index, 3)))
        {
            byte[] request = new byte[calls.MaxRequestBytes];
            while (!calls.IsExhausted) persons.Add(RegisterRequest.Parser.ParseFrom(request, 0, calls.Write(request)).Person);
        }

        Assert.Equal(Enumerable.Range(0, 11).Select(Discharges.PersonId), persons.Order());
    }

    [Fact]
    public void The_counter_call_names_a_person()
    {
        Discharges discharges = new(persons: 10, seed: 1);
        CounterCalls calls = new(discharges, 5, 1);
        byte[] request = new byte[calls.MaxRequestBytes];
        Assert.Equal(Discharges.PersonId(discharges.Facts(5).Person), GetAccountRequest.Parser.ParseFrom(request, 0, calls.Write(request))
            .Person);
    }

    [Fact]
    public void Only_a_fresh_settlement_is_taken_for_one()
    {
        SettlementResult result = new() { Person = new string('x', 300), Sequence = 3 };
        Assert.True(SettleAnswer.IsFresh(new SettleResponse { Result = result }.ToByteArray()));
        Assert.False(
            SettleAnswer.IsFresh(new SettleResponse { Result = result, AlreadySettled = new AlreadySettled { Code = "x" } }.ToByteArray()));
        Assert.False(SettleAnswer.IsFresh(new SettleResponse().ToByteArray()));
        Assert.False(SettleAnswer.IsFresh(new SettleResponse { Result = new SettlementResult() }.ToByteArray()));
    }

    [Fact]
    public void An_answer_of_the_stream_is_told_by_its_number()
    {
        SettlementResult result = new() { Person = new string('x', 300) };
        SettleManyResponse answer = new() { RequestId = Discharges.RequestId(123_456), Settled = new SettleResponse { Result = result } };
        Assert.True(SettleAnswer.IsSettled(answer.ToByteArray(), out long number));
        Assert.Equal(123_456, number);
        answer.Refusal = new Refusal { Code = "BUSY" };
        Assert.False(SettleAnswer.IsSettled(answer.ToByteArray(), out number));
        Assert.Equal(123_456, number);
        answer.Settled = new SettleResponse { Result = result, AlreadySettled = new AlreadySettled() };
        Assert.False(SettleAnswer.IsSettled(answer.ToByteArray(), out _));
        Assert.False(SettleAnswer.IsSettled([], out _));
    }
}
