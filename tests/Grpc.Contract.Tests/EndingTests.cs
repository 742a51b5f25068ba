using Grpc.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Calls end early by deadline, by cancellation and by disposal, and both sides hear of it.</summary>
public sealed class EndingTests
{
    /// <summary>Late enough for a call to reach its handler on a busy machine.</summary>
    private static DateTime Soon => DateTime.UtcNow.AddSeconds(1);

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = await ConnectedAsync(server);

        RpcException error = await TestServer.FailureOf(client.WaitAsync(new Text(), deadline: Soon));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await server.Signals.Of("waiting with deadline");
        await server.Signals.Of("wait cancelled");
    }

    [Fact]
    public async Task A_deadline_holds_even_if_the_handler_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = await ConnectedAsync(server);

        RpcException error = await TestServer.FailureOf(client.IgnoreAsync(new Text(), deadline: Soon));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        server.Signals.Set("let it end");
        await server.Signals.Of("ignored");
        Assert.Equal(1, (await server.Client().EchoAsync(new Text { Number = 1 })).Number);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_fails_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client().EchoAsync(new Text(), deadline: DateTime.UtcNow.AddSeconds(-1)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task A_deadline_ends_a_stream_between_messages()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = await ConnectedAsync(server);
        using AsyncDuplexStreamingCall<Text, Text> call = client.Chat(deadline: Soon);
        await call.RequestStream.WriteAsync(new Text());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None)
            .WaitAsync(TestServer.Guard));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await server.Signals.Of("chat cancelled");
    }

    [Fact]
    public async Task A_call_in_time_hears_nothing_of_its_deadline()
    {
        await using TestServer server = await TestServer.StartAsync();

        Text reply = await server.Client().EchoAsync(new Text { Number = 3 }, deadline: DateTime.UtcNow.AddMinutes(5));

        Assert.Equal(3, reply.Number);
    }

    [Fact]
    public async Task Cancelling_a_unary_call_fires_the_token_of_the_server()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        AsyncUnaryCall<Text> call = server.Client().WaitAsync(new Text(), cancellationToken: cancellation.Token);
        await server.Signals.Of("waiting without deadline");

        await cancellation.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await TestServer.FailureOf(call)).StatusCode);
        await server.Signals.Of("wait cancelled");
    }

    [Fact]
    public async Task Disposing_a_call_cancels_it()
    {
        await using TestServer server = await TestServer.StartAsync();
        AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat();
        await call.RequestStream.WriteAsync(new Text());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        call.Dispose();

        await server.Signals.Of("chat cancelled");
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Cancelling_a_read_cancels_the_call()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat();
        await call.RequestStream.WriteAsync(new Text());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        using var cancellation = new CancellationTokenSource();
        Task<bool> read = call.ResponseStream.MoveNext(cancellation.Token);

        await cancellation.CancelAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => read.WaitAsync(TestServer.Guard));
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await server.Signals.Of("chat cancelled");
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_fails_the_call()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException error = await TestServer.FailureOf(server.Client()
            .EchoAsync(new Text(), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    [Fact]
    public async Task Cancellation_is_an_ordinary_exception_where_the_channel_says_so()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        Probe.ProbeClient client = server.Client(options => options.ThrowOperationCanceledOnCancellation = true);
        AsyncUnaryCall<Text> call = client.WaitAsync(new Text(), cancellationToken: cancellation.Token);
        await server.Signals.Of("waiting without deadline");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.ResponseAsync.WaitAsync(TestServer.Guard));
    }

    /// <summary>A client that has made a call: the next one's deadline does not pass while it connects.</summary>
    private static async Task<Probe.ProbeClient> ConnectedAsync(TestServer server)
    {
        Probe.ProbeClient client = server.Client();
        await client.EchoAsync(new Text());
        return client;
    }
}
