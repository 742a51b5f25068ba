using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Serialization;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Cluster.Tests.Packages;

/// <summary>What goes between gateway and grain: as bytes from silo to silo, as it is within one.</summary>
public sealed class SerializationTests : IDisposable
{
    private readonly ServiceProvider services =
        new ServiceCollection().AddSerializer(serializer => serializer.AddProtobufSerializer()).BuildServiceProvider();

    private Serializer Bytes => services.GetRequiredService<Serializer>();

    private DeepCopier Copier => services.GetRequiredService<DeepCopier>();

    public void Dispose() => services.Dispose();

    /// <summary>Every argument and every answer of the grain interfaces, and what they carry.</summary>
    public static TheoryData<Type> Types =>
        [.. new[] { typeof(IInsuredPersonGrain), typeof(ILedgerReaderGrain) }
            .SelectMany(grain => grain.GetMethods())
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
                .Append(method.ReturnType.GenericTypeArguments.Single()))
            .SelectMany(type => type.GenericTypeArguments.Prepend(type))
            .Distinct()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_argument_and_answer_of_a_grain_has_a_codec(Type type) =>
        Assert.True(Bytes.CanSerialize(type), $"{type} cannot leave its silo");

    [Fact]
    public void A_request_arrives_as_it_was_sent()
    {
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));

        Assert.Equal(request, RoundTrip(new Immutable<SettleRequest>(request)).Value);
    }

    [Fact]
    public void An_answer_arrives_as_it_was_sent()
    {
        SettleResponse message = new() { Result = new SettlementResult { Person = "P1", Pooled = 12 } };

        Reply<SettleAnswer> arrived = RoundTrip<Reply<SettleAnswer>>(SettleAnswer.Of(message));

        Assert.Equal(message, arrived.Value!.Message);
        Assert.Null(arrived.Refusal);
    }

    [Fact]
    public void A_refusal_arrives_as_it_was_sent()
    {
        Reply<SettleAnswer> reply = new RefusalInfo("NOT_COVERED", "why", "为什么", new() { ["field"] = "claim" });

        Reply<SettleAnswer> arrived = RoundTrip(reply);

        Assert.Null(arrived.Value);
        Assert.Equal(("NOT_COVERED", "why", "为什么"), (arrived.Refusal!.Code, arrived.Refusal.Message, arrived.Refusal.MessageZh));
        Assert.Equal("claim", arrived.Refusal.Details["field"]);
    }

    [Fact]
    public void Within_a_silo_nothing_is_copied()
    {
        Immutable<SettleRequest> request = new(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)));
        Reply<SettleAnswer> reply = SettleAnswer.Of(new SettleResponse());

        Assert.Same(request.Value, Copier.Copy(request).Value);
        Assert.Same(reply, Copier.Copy(reply));
    }

    private T RoundTrip<T>(T value) => Bytes.Deserialize<T>(Bytes.SerializeToArray(value))!;
}
