using System.IO.Pipelines;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Gateway;
using Settlement.Gateway.Draining;
using Settlement.Gateway.Front;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Overload;
using Settlement.Gateway.Services;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>
/// What becomes of a call that finds no room: it waits a moment, is refused, or is kept waiting for that. Simulated time.
/// </summary>
public sealed class GateTests : IDisposable
{
    private const int Capacity = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);

    private readonly string folder = Directory.CreateTempSubdirectory("settlement-gate-").FullName;
    private readonly ManualTimeProvider time = new();
    private readonly Dictionary<string, string> keys = [];
    private readonly List<(string Caller, TaskCompletionSource End)> served = [];
    private readonly WorkRoom room;
    private readonly WaitingLine line;
    private readonly Drain drain;
    private readonly Gate gate;

    public GateTests()
    {
        KeyFile file = new();
        foreach (RegisteredFacility facility in new RegisteredFacility[]
            { new() { Code = "HOT" }, new() { Code = "CALM" }, new() { Code = "SLOW", RequestsPerSecond = 1 } })
        {
            (string text, file) = file.Add(Role.Facility, facility, DateTimeOffset.UnixEpoch);
            keys[facility.Code] = text;
        }

        GatewayOptions options = new() { KeyFile = Path.Combine(folder, "keys.json") };
        file.Write(options.KeyFile);
        room = new WorkRoom(new OverloadOptions { MaxInWork = Capacity, FacilityRequestsPerSecond = 0 }, time);
        line = new WaitingLine(room, time);
        drain = new Drain(options, time);
        RequestDelegate others = _ => throw new InvalidOperationException("A gRPC call went past its own endpoint.");
        gate = new Gate(others, new CallerDirectory(options, room, time, NullLogger<CallerDirectory>.Instance), line, drain);
    }

    public void Dispose()
    {
        line.Dispose();
        drain.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_call_that_finds_no_room_is_let_in_when_there_is_a_place_within_half_a_second()
    {
        Task[] first = Fill("CALM");
        (HttpContext context, Task call) = Call("CALM");
        time.Advance(Patience - TimeSpan.FromMilliseconds(20));
        Assert.Equal((false, 1), (call.IsCompleted, line.Waiting));
        served[0].End.SetResult();
        await first[0];
        time.Advance(TimeSpan.FromMilliseconds(20));
        await Until(() => served.Count == first.Length + 1);
        Assert.Equal((0, first.Length), (line.Waiting, room.InWork));
        served[^1].End.SetResult();
        await call;
        Assert.False(context.Response.Headers.ContainsKey("grpc-status"));
    }

    [Fact]
    public async Task It_is_refused_after_half_a_second_without_one()
    {
        Fill("CALM");
        (HttpContext context, Task call) = Call("CALM");
        time.Advance(Patience);
        await call;
        AssertBusy(context);
        Assert.Equal((0, Capacity / 2), (line.Waiting, room.InWork));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_not_let_in_afterwards()
    {
        Fill("CALM");
        using CancellationTokenSource gone = new();
        (_, Task call) = Call("CALM", aborted: gone.Token);
        served[0].End.SetResult();
        await gone.CancelAsync();
        await call;
        time.Advance(Patience);
        Assert.Equal((0, Capacity / 2), (line.Waiting, served.Count));
    }

    [Fact]
    public async Task A_facility_that_sends_on_though_it_is_refused_waits_for_its_refusals_and_others_do_not()
    {
        Fill("HOT");
        Storm("HOT");
        (HttpContext context, Task held) = Call("HOT");
        time.Advance(LongestHold - TimeSpan.FromMilliseconds(20));
        Assert.False(held.IsCompleted);

        (_, Task calm) = Call("CALM");
        Assert.Equal("CALM", served[^1].Caller);
        served[^1].End.SetResult();
        await calm;

        time.Advance(TimeSpan.FromMilliseconds(20));
        await held;
        AssertBusy(context);
    }

    [Fact]
    public async Task The_request_of_a_held_call_is_taken_off_the_connection_and_one_that_never_ends_holds_nothing_up()
    {
        Fill("HOT");
        Storm("HOT");
        Pipe body = new();
        (HttpContext context, Task held) = Call("HOT", body: body.Reader);
        await body.Writer.WriteAsync(new byte[1000]);
        Assert.False((await body.Writer.WriteAsync(new byte[1000])).IsCompleted);
        time.Advance(LongestHold);
        await held.WaitAsync(TimeSpan.FromSeconds(30));
        AssertBusy(context);
        await body.Writer.CompleteAsync();
        ReadResult left = await body.Reader.ReadAsync();
        Assert.True(left.Buffer.IsEmpty, $"{left.Buffer.Length} bytes were left");
    }

    [Fact]
    public async Task Held_calls_are_bounded_and_beyond_the_bound_refused_at_once()
    {
        Fill("HOT");
        Storm("HOT");
        Task[] held = [.. Enumerable.Range(0, line.Capacity).Select(_ => Call("HOT").Call)];
        Assert.All(held, call => Assert.False(call.IsCompleted));
        (HttpContext context, Task beyond) = Call("HOT");
        Assert.True(beyond.IsCompletedSuccessfully);
        AssertBusy(context);
        time.Advance(LongestHold);
        await Task.WhenAll(held);
        Assert.Equal(0, line.Waiting);
    }

    [Fact]
    public async Task Above_its_rate_a_facility_is_refused_at_once_and_told_what_is_left_of_the_time_when_that_was_held_back()
    {
        Finished("SLOW");
        Finished("SLOW");
        (HttpContext atOnce, Task refused) = Call("SLOW");
        Assert.True(refused.IsCompletedSuccessfully);
        Assert.InRange(Told(atOnce, "RATE_EXCEEDED"), TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(1.6));

        Storm("SLOW");
        (HttpContext context, Task held) = Call("SLOW");
        Assert.False(held.IsCompleted);
        time.Advance(LongestHold);
        await held;
        Assert.InRange(Told(context, "RATE_EXCEEDED"), TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.6));
    }

    private static async Task Until(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static void AssertBusy(HttpContext context) =>
        Assert.InRange(Told(context, "BUSY"), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600));

    private static TimeSpan Told(HttpContext context, string reason)
    {
        string details = context.Response.Headers[EncodedStatus.DetailsName].ToString();
        Google.Rpc.Status status = Google.Rpc.Status.Parser.ParseFrom(
            Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal(reason, status.GetDetail<ErrorInfo>()!.Reason);
        return status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan();
    }

    private async Task Serve(HttpContext context)
    {
        TaskCompletionSource end = new();
        string key = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        lock (served) served.Add((keys.Single(one => one.Value == key).Key, end));
        await end.Task;
    }

    /// <summary>Calls of one facility until it has all the places that it can have.</summary>
    private Task[] Fill(string caller) => [.. Enumerable.Range(0, Capacity / 2).Select(_ => Call(caller).Call)];

    private void Finished(string caller)
    {
        Call(caller);
        served[^1].End.SetResult();
    }

    /// <summary>So many refusals that every further one is held back for longest.</summary>
    private void Storm(string caller)
    {
        FacilityLane lane = room.LaneOf(new RegisteredFacility { Code = caller, RequestsPerSecond = caller == "SLOW" ? 1 : null });
        while (lane.CountRefusal() < LongestHold) continue;
    }

    private (HttpContext Context, Task Call) Call(string caller, PipeReader? body = null, CancellationToken aborted = default)
    {
        DefaultHttpContext context = new() { RequestAborted = aborted };
        context.Request.Headers.Authorization = $"Bearer {keys[caller]}";
        if (body is not null) context.Features.Set<IRequestBodyPipeFeature>(new Body(body));
        Method<byte[], byte[]> method = new(
            MethodType.Unary, "settlement.v1.Settlement", "Settle", Marshallers.Create<byte[]>(one => one, one => one),
            Marshallers.Create<byte[]>(one => one, one => one));
        context.SetEndpoint(new Endpoint(
            Serve, new EndpointMetadataCollection(new GrpcMethodMetadata(typeof(SettlementService), method)), "Settle"));
        return (context, gate.InvokeAsync(context));
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
