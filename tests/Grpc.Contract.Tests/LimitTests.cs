using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Sizes are limited, and a slow reader slows its writer down.</summary>
public sealed class LimitTests
{
    private const int FourMegabytes = 4 * 1024 * 1024;

    [Fact]
    public async Task A_request_beyond_four_megabytes_is_refused_by_the_server()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().EchoAsync(new Text { Text_ = new string('x', FourMegabytes) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_big_request_is_taken_where_the_server_allows_it()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxReceiveMessageSize = null);
        var big = new Text { Text_ = new string('x', FourMegabytes + 1) };

        Text reply = await server.Client(options => options.MaxReceiveMessageSize = null).EchoAsync(big);

        Assert.Equal(big, reply);
    }

    [Fact]
    public async Task A_response_beyond_the_limit_of_the_client_is_refused_by_the_client()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(
            server.Client(options => options.MaxReceiveMessageSize = 1000).EchoAsync(new Text { Text_ = new string('x', 1000) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_response_beyond_the_limit_of_the_server_is_not_sent()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxSendMessageSize = 1000);

        RpcException error = await TestServer.FailureOf(server.Client().EchoAsync(new Text { Text_ = new string('x', 1000) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_request_beyond_the_limit_of_the_client_is_not_sent()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = server.Client(options => options.MaxSendMessageSize = 1000);

        RpcException error = await TestServer.FailureOf(client.EchoAsync(new Text { Text_ = new string('x', 1000) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task A_server_does_not_run_ahead_of_a_client_that_does_not_read()
    {
        const int Count = 2000;
        const int Size = 50_000;
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<Text> call = server.Client().Produce(new Amount { Count = Count, Size = Size });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        // A second call over the same server gives the first all the time it needs to run ahead, were nothing to hold it.
        for (int turn = 0; turn < 200; turn++)
            await server.Client().EchoAsync(new Text());
        Assert.InRange(server.Signals.Written, 1, Count - 1);

        int read = 1;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(TestServer.Guard))
            read++;
        Assert.Equal(Count, read);
    }

    [Fact]
    public async Task A_server_stream_nobody_reads_ends_when_the_client_goes()
    {
        await using TestServer server = await TestServer.StartAsync();
        AsyncServerStreamingCall<Text> call = server.Client().Produce(new Amount { Count = int.MaxValue, Size = 50_000 });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        call.Dispose();

        await server.Signals.Of("produce ended");
    }

    [Fact]
    public async Task A_server_stream_nobody_reads_ends_at_its_deadline()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = server.Client();
        await client.EchoAsync(new Text()); // connects
        using AsyncServerStreamingCall<Text> call = client
            .Produce(new Amount { Count = int.MaxValue, Size = 50_000 }, deadline: DateTime.UtcNow.AddSeconds(1));
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        await server.Signals.Of("produce ended");
    }

    [Fact]
    public async Task Millions_of_bytes_flow_both_ways_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat();
        string body = new('y', 100_000);

        Task writing = Task.Run(async () =>
        {
            for (int number = 0; number < 200; number++)
                await call.RequestStream.WriteAsync(new Text { Number = number, Text_ = body });
            await call.RequestStream.CompleteAsync();
        });
        int expected = 0;
        await foreach (Text text in call.ResponseStream.ReadAllAsync())
            Assert.Equal((expected++, body.Length), (text.Number, text.Text_.Length));
        await writing;

        Assert.Equal(200, expected);
    }
}
