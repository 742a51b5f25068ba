using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Settlement.Bench.Payloads;
using Settlement.Contract;
using Settlement.Http2;
using Settlement.Load.Tests.Support;

namespace Settlement.Load.Tests;

/// <summary>Loads on the gRPC server that the product has.</summary>
public sealed class RealServerTests
{
    private const string Ping = "/settlement.v1.Settlement/Ping";
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Scheduled = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 100)]
    public async Task Every_call_of_a_closed_loop_is_counted_once(int connections, int inFlight)
    {
        await using PlainServer server = await PlainServer.StartAsync();
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, connections).RunClosed(_ => Empty, inFlight, Span));
        Assert.Equal((connections * 300, connections * 300L), (server.Behaviour.Calls, result.ThrowIfFailed("the load").Calls));
    }

    /// <summary>
    /// The calls of an open loop do not wait for answers, one by one or those of a millisecond together: the server answers the first only
    /// when ten more have come.
    /// </summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(5000)]
    public async Task An_open_loop_starts_calls_although_none_is_answered(int rate)
    {
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour
        {
            Ping = (number, _) =>
            {
                if (number == 11) enough.SetResult();
                return enough.Task;
            },
        });
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1)
            .RunOpen(_ => new FixedCall(Ping, default), rate, seed: 1, Scheduled));
        Assert.Equal(server.Behaviour.Calls, result.ThrowIfFailed("the load").Calls);
        Assert.True(result.Calls > 11);
    }

    /// <summary>While the server stalls, the schedule goes on: every arrival is made up for, with its waiting time.</summary>
    [Fact]
    public async Task Arrivals_during_a_stall_are_not_left_out()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PlainServer server = await PlainServer.StartAsync(
            new PlainBehaviour { Ping = (number, _) => number == 2 ? Release(first) : first.Task }, kestrel =>
                kestrel.Limits.Http2.MaxStreamsPerConnection = 2);
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1)
            .RunOpen(_ => new FixedCall(Ping, default), rate: 2000, seed: 3, Scheduled));
        ArrivalSchedule schedule = new(2000, seed: 3);
        int scheduled = 0;
        while (schedule.Next() < Scheduled.TotalNanoseconds) scheduled++;
        Assert.Equal(scheduled, result.ThrowIfFailed("the load").Calls);
    }

    [Fact]
    public async Task What_found_no_stream_in_the_span_may_be_left_and_is_counted()
    {
        Stopwatch since = Stopwatch.StartNew();
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour { Ping = (_, _) => SpanIsOver() }, kestrel =>
            kestrel.Limits.Http2.MaxStreamsPerConnection = 2);
        LoadResult result = await Task.Run(() =>
        {
            since.Restart();
            return new Http2Load(server.Address, 1) { LeavesUnsent = true }
                .RunOpen(_ => new FixedCall(Ping, default), rate: 2000, seed: 3, Scheduled);
        });
        ArrivalSchedule schedule = new(2000, seed: 3);
        int scheduled = 0;
        while (schedule.Next() < Scheduled.TotalNanoseconds) scheduled++;
        Assert.Equal((2, 0, scheduled - 2), (result.ThrowIfFailed("the load").Calls, result.CallsInSpan, result.Unsent));

        async Task SpanIsOver()
        {
            while (since.Elapsed < 2 * Scheduled) await Task.Yield();
        }
    }

    [Fact]
    public async Task A_status_that_is_not_ok_is_told_with_code_and_message()
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour
        {
            Ping = (number, _) => number % 3 == 0
                ? throw new RpcException(new Status(StatusCode.ResourceExhausted, "too much, 太多"))
                : Task.CompletedTask,
        });
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 2).RunClosed(_ => Empty, 8, Span));
        Assert.Equal((server.Behaviour.Calls / 3, "too much, 太多"), result.Failures["RESOURCE_EXHAUSTED"]);
        Assert.Equal(server.Behaviour.Calls, result.Calls + result.Failures["RESOURCE_EXHAUSTED"].Count);
        Assert.Contains("too much, 太多", Assert.Throws<LoadFailedException>(() => result.ThrowIfFailed("the load")).Message);
    }

    [Fact]
    public async Task A_method_that_does_not_exist_is_told()
    {
        await using PlainServer server = await PlainServer.StartAsync();
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1)
            .RunClosed(_ => new FixedCall("/settlement.v1.Settlement/Nothing", default, count: 3), 1, Span));
        Assert.Equal((0, 3), (result.Calls, result.Failures["UNIMPLEMENTED"].Count));
    }

    [Fact]
    public async Task Streams_that_the_server_resets_are_told()
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour
        {
            Ping = (number, context) =>
            {
                if (number % 2 == 0) PlainBehaviour.Reset(context, 11);
                return Task.CompletedTask;
            },
        });
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1).RunClosed(_ => Empty, 4, Span));
        Assert.Equal(server.Behaviour.Calls / 2, result.Failures["stream reset with ENHANCE_YOUR_CALM"].Count);
    }

    [Fact]
    public async Task A_server_that_stops_during_the_load_is_told()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour { Ping = (_, _) => Release(started) });
        Task<LoadResult> load = Task.Run(() => new Http2Load(server.Address, 2).RunClosed(_ => new FixedCall(Ping, default), 8, Span));
        await started.Task;
        await server.StopAsync(CancellationToken.None);
        LoadResult result = await load;
        Assert.Contains(result.Failures.Keys, kind => kind is "GOAWAY with NO_ERROR" or "connection lost");
        Assert.Throws<LoadFailedException>(() => result.ThrowIfFailed("the load"));
    }

    [Fact]
    public async Task A_server_that_cuts_the_connection_is_told()
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour
        {
            Ping = (number, context) =>
            {
                if (number == 10)
                    context.GetHttpContext()
                    .Features.GetRequiredFeature<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>().Abort();
                return Task.CompletedTask;
            },
        });
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1).RunClosed(_ => Empty, 4, Span));
        Assert.Contains("connection lost", result.Failures.Keys);
    }

    /// <summary>A megabyte is many frames, and more than the default windows of HTTP/2.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public async Task An_answer_is_seen_whole_whatever_its_length(int length)
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour { AnswerLength = length });
        byte[] expected = new GetAccountResponse { Person = new string('x', length) }.ToByteArray();
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1).RunClosed(_ => new Comparing(expected), 2, Span));
        Assert.Equal(20, result.ThrowIfFailed("the load").Calls);
        LoadResult other = await Task.Run(() => new Http2Load(server.Address, 1).RunClosed(_ => new Comparing([1]), 1, Span));
        Assert.Equal(20, other.Failures["wrong answer"].Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Every_request_of_a_bulk_stream_is_counted_once_whatever_the_order_of_answers(int order)
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour { BulkOrder = order });
        Discharges discharges = new(persons: 100, seed: 1);
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 2)
            .RunBulk(_ => new BulkSettleCalls(discharges, count: 210), 14, Span));
        Assert.Equal((420, 420L), (server.Behaviour.Calls, result.ThrowIfFailed("the load").Calls));
    }

    [Fact]
    public async Task A_refusal_and_an_answer_to_no_request_in_a_bulk_stream_are_told()
    {
        await using PlainServer server = await PlainServer.StartAsync(new PlainBehaviour
        {
            Bulk = request => request.RequestId.EndsWith('1')
                ? new SettleManyResponse { RequestId = request.RequestId, Refusal = new Refusal { Code = "BUSY" } }
                : new SettleManyResponse { RequestId = request.RequestId.EndsWith('2')
                    ? "b-9999999999"
                    : request.RequestId, Settled = new SettleResponse { Result = new SettlementResult { Sequence = 1 } } },
        });
        Discharges discharges = new(persons: 100, seed: 1);
        LoadResult result = await Task.Run(() => new Http2Load(server.Address, 1)
            .RunBulk(_ => new BulkSettleCalls(discharges, count: 100), 32, Span));
        Assert.Contains("BUSY", result.Failures["wrong answer"].Example);
        Assert.Equal(result.Failures["answer to no request"].Count, result.Failures["request without an answer"].Count);
    }

    /// <summary>The load ends with its calls, not with the time.</summary>
    private static FixedCall Empty => new(Ping, default, count: 300);

    private static Task Release(TaskCompletionSource source)
    {
        source.TrySetResult();
        return Task.CompletedTask;
    }

    /// <summary>Expects one very answer.</summary>
    private sealed class Comparing(byte[] expected) : ICalls
    {
        private int written;

        public bool IsExhausted => written >= 20;

        public string Path => "/settlement.v1.Settlement/GetAccount";

        public int MaxRequestBytes => 0;

        public int Write(Span<byte> destination)
        {
            written++;
            return 0;
        }

        public string? Fault(ReadOnlySpan<byte> answer) => answer.SequenceEqual(expected) ? null : "other bytes";
    }
}
