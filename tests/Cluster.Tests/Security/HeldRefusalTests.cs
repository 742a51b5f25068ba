using System.Net.Sockets;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Gateway.Overload;
using Settlement.Identity;
using Settlement.Tests.Support;

namespace Settlement.Cluster.Tests.Security;

/// <summary>Refusals that are held back, over the real wire; the server's clock stands until the test moves it.</summary>
public sealed class HeldRefusalTests : IAsyncLifetime
{
    private const string Hot = "HOT";
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("settlement-held-").FullName;
    private readonly ManualTimeProvider time = new();
    private readonly Dictionary<string, Metadata> callers = [];
    private TestSilo silo = null!;
    private WaitingLine line = null!;
    private WorkRoom room = null!;

    public async Task InitializeAsync()
    {
        KeyFile file = new();
        foreach (string code in new[] { Hot, "CALM" })
        {
            (string text, file) = file.Add(Role.Facility, Facility(code), DateTimeOffset.UnixEpoch);
            callers[code] = new Metadata { { "authorization", $"Bearer {text}" } };
        }

        callers["NOBODY"] = new Metadata { { "authorization", $"Bearer {new string('0', 64)}" } };
        file.Write(Path.Combine(folder, "keys.json"));
        silo = await TestSilo.StartAsync(
            time, [.. await TestLedgers.SqliteAsync(), $"Gateway:KeyFile={folder}/keys.json", "Gateway:Overload:MaxInWork=20"]);
        line = silo.Services.GetRequiredService<WaitingLine>();
        room = silo.Services.GetRequiredService<WorkRoom>();
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_held_refusal_comes_late_with_its_code_and_the_time_to_wait_and_nobody_else_waits()
    {
        FillAndStorm();
        Task<PingResponse> held = Ping(Hot);
        await Until(() => line.Waiting == 1);
        await Ping("CALM").WaitAsync(Guard);
        time.Advance(LongestHold - (2 * WaitingLine.Tick));
        await Ping("CALM").WaitAsync(Guard);
        Assert.False(held.IsCompleted);

        RpcException refused = await RefusedAsync(held);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Google.Rpc.Status status = refused.GetRpcStatus()!;
        Assert.Equal("BUSY", status.GetDetail<ErrorInfo>()!.Reason);
        Assert.InRange(
            status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600));
        Assert.Equal(0, line.Waiting);
    }

    [Fact]
    public async Task A_caller_that_gives_up_frees_its_place_in_the_line()
    {
        FillAndStorm();
        using CancellationTokenSource end = new();
        Task<PingResponse> held = Ping(Hot, cancellation: end.Token);
        await Until(() => line.Waiting == 1);
        await end.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => held)).StatusCode);
        await Until(() => line.Waiting == 0);
    }

    [Fact]
    public async Task A_connection_that_closes_frees_the_places_of_all_its_calls()
    {
        FillAndStorm();
        using OneConnection connection = new(silo.GrpcAddress);
        Task<PingResponse>[] held = [.. Enumerable.Range(0, 5).Select(_ => Ping(Hot, connection.Channel))];
        await Until(() => line.Waiting == held.Length);
        connection.Break();
        await Until(() => line.Waiting == 0);
        foreach (Task<PingResponse> call in held) await Assert.ThrowsAsync<RpcException>(() => call);
    }

    [Fact]
    public async Task A_connection_that_closes_while_it_is_not_read_frees_its_places_too()
    {
        Storm storm = FillAndStorm();
        while (line.Waiting < line.ForStorms - 2) Assert.True(line.TryJoin(line.ForStorms));
        int others = line.Waiting;
        using OneConnection connection = new(silo.GrpcAddress);
        Task<PingResponse>[] held = [Ping(Hot, connection.Channel), Ping(Hot, connection.Channel)];
        await Until(() => line.Waiting == line.ForStorms);
        // No place is left: refused at once, and from here on its connection is read by turns.
        RpcException beyond = await Assert.ThrowsAsync<RpcException>(() => Ping(Hot, connection.Channel).WaitAsync(Guard));
        Assert.Equal(StatusCode.ResourceExhausted, beyond.StatusCode);
        Assert.True(storm.IsSlowed);
        while (storm.MayRead()) continue;
        Task<PingResponse> unread = Ping(Hot, connection.Channel);
        await Ping("CALM").WaitAsync(Guard);
        Assert.False(unread.IsCompleted);
        // A round trip after each tick: a clock that ran ahead of the server would end the hold of those whose places are counted.
        for (TimeSpan moved = TimeSpan.Zero; moved < LongestHold / 2 && !unread.IsCompleted; moved += WaitingLine.Tick)
        {
            time.Advance(WaitingLine.Tick);
            await Ping("CALM").WaitAsync(Guard);
        }

        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => unread.WaitAsync(Guard))).StatusCode);
        Assert.All(held, call => Assert.False(call.IsCompleted));
        connection.Break();
        await Until(() => line.Waiting == others);
    }

    [Fact]
    public async Task Many_wrong_keys_wait_for_their_refusal_in_a_part_of_the_line_and_beyond_it_are_refused_at_once()
    {
        while (room.Strangers.CountRefusal() < LongestHold) continue;
        Task<PingResponse>[] held = [.. Enumerable.Range(0, line.ForStrangers).Select(_ => Ping("NOBODY"))];
        await Until(() => line.Waiting == line.ForStrangers);
        RpcException beyond = await Assert.ThrowsAsync<RpcException>(() => Ping("NOBODY").WaitAsync(Guard));
        Assert.Equal(StatusCode.Unauthenticated, beyond.StatusCode);
        Assert.True(room.Strangers.IsSlowed);
        await Ping("CALM", silo.Channel()).WaitAsync(Guard);
        Assert.All(held, call => Assert.False(call.IsCompleted));
        foreach (Task<PingResponse> call in held)
        {
            RpcException refused = await RefusedAsync(call);
            Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
            Assert.Equal("UNAUTHENTICATED", refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        }
    }

    private static RegisteredFacility Facility(string code) => new() { Code = code, RequestsPerSecond = 0 };

    private static async Task Until(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(Guard);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The hot facility has all its places, and was refused so often that each further refusal is held back for longest.</summary>
    private Storm FillAndStorm()
    {
        FacilityLane lane = room.LaneOf(Facility(Hot));
        while (lane.TryEnter(out _)) continue;
        while (lane.Storm.CountRefusal() < LongestHold) continue;
        return lane.Storm;
    }

    private async Task<PingResponse> Ping(string caller, GrpcChannel? channel = null, CancellationToken cancellation = default) =>
        await (channel is null ? silo.Settlement : new Contract.Settlement.SettlementClient(channel))
            .PingAsync(new PingRequest(), callers[caller], cancellationToken: cancellation);

    /// <summary>Moves the clock until the call is answered.</summary>
    private async Task<RpcException> RefusedAsync(Task<PingResponse> call)
    {
        await Until(() =>
        {
            time.Advance(WaitingLine.Tick);
            return call.IsCompleted;
        });
        return await Assert.ThrowsAsync<RpcException>(() => call);
    }

    /// <summary>A client with a connection that a test can break, as a cable does.</summary>
    private sealed class OneConnection : IDisposable
    {
        private readonly List<Socket> sockets = [];
        private readonly SocketsHttpHandler handler;

        public OneConnection(string address)
        {
            handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false, ConnectCallback = ConnectAsync };
            Channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler });
        }

        public GrpcChannel Channel { get; }

        public void Break() => sockets.ForEach(socket => socket.Dispose());

        public void Dispose()
        {
            Channel.Dispose();
            handler.Dispose();
            Break();
        }

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket);
        }
    }
}
