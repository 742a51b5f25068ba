using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>The four kinds of call carry their messages in order, and end with OK.</summary>
public sealed class CallKindTests
{
    [Fact]
    public async Task A_unary_call_returns_the_response_the_headers_and_the_status()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncUnaryCall<Text> call = server.Client().EchoAsync(new Text { Text_ = "医保", Number = 7 });

        Text reply = await call;

        Assert.Equal(new Text { Text_ = "医保", Number = 7 }, reply);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.NotNull(await call.ResponseHeadersAsync);
        Assert.DoesNotContain(call.GetTrailers(), entry => entry.Key.StartsWith("x-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_blocking_unary_call_returns_the_response()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = server.Client();

        Text reply = await Task.Run(() => client.Echo(new Text { Number = 1 }));

        Assert.Equal(1, reply.Number);
    }

    [Fact]
    public async Task An_empty_message_is_a_message()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(new Text(), await server.Client().EchoAsync(new Text()));
    }

    [Fact]
    public async Task A_client_stream_is_answered_once_it_has_ended()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<Text, Sum> call = server.Client().Collect();

        foreach (int length in (int[])[1, 0, 100_000])
            await call.RequestStream.WriteAsync(new Text { Text_ = new string('a', length) });
        Assert.False(call.ResponseAsync.IsCompleted);
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Sum { Count = 3, Characters = 100_001 }, await call);
    }

    [Fact]
    public async Task A_client_stream_may_be_empty()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<Text, Sum> call = server.Client().Collect();

        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Sum(), await call);
    }

    [Fact]
    public async Task A_server_stream_arrives_in_order_and_ends()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<Text> call = server.Client().Produce(new Amount { Count = 1000, Size = 10 });

        var numbers = new List<int>();
        await foreach (Text text in call.ResponseStream.ReadAllAsync())
            numbers.Add(text.Number);

        Assert.Equal(Enumerable.Range(0, 1000), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_server_stream_may_be_empty()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<Text> call = server.Client().Produce(new Amount());

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task A_duplex_call_is_a_conversation()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat();

        for (int turn = 0; turn < 20; turn++)
        {
            await call.RequestStream.WriteAsync(new Text { Number = turn });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TestServer.Guard));
            Assert.Equal(turn, call.ResponseStream.Current.Number);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        await server.Signals.Of("chat ended");
    }

    [Fact]
    public async Task Many_calls_share_one_connection()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = server.Client(
            options => options.HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false });

        Text[] replies = await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(number => client.EchoAsync(new Text { Number = number }).ResponseAsync));

        Assert.Equal(Enumerable.Range(0, 500), replies.Select(reply => reply.Number));
    }

    [Fact]
    public async Task Nothing_is_written_after_the_request_stream_was_completed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<Text, Sum> call = server.Client().Collect();

        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new Text()));
    }
}
