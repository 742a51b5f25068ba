using Settlement.Http2;
using Settlement.Http2.Frames;
using Settlement.Load.Tests.Support;

namespace Settlement.Load.Tests;

/// <summary>Whatever a server does wrong, a load tells it and gives no figure.</summary>
public sealed class BrokenServerTests
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(5);

    /// <summary>What the second request meets, and what is told.</summary>
    public static TheoryData<string, string> Wrongs => new()
    {
        { "reset", "stream reset with REFUSED_STREAM" },
        { "goaway", "GOAWAY with ENHANCE_YOUR_CALM" },
        { "close", "connection lost" },
        { "http", "HTTP status 404" },
        { "no status", "answer without a gRPC status" },
        { "status", "RESOURCE_EXHAUSTED" },
        { "no message", "answer without exactly one whole message" },
        { "two messages", "answer without exactly one whole message" },
        { "half a message", "answer without exactly one whole message" },
        { "bad block", "connection lost" },
        { "push", "connection lost" },
        { "interrupted block", "connection lost" },
        { "large frame", "connection lost" },
        { "bad status", "connection lost" },
    };

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task What_goes_wrong_is_told_and_no_figure_is_given(string wrong, string told)
    {
        await using ScriptedServer server = new((server, number, stream) => number == 2
            ? WrongAsync(server, wrong, stream)
            : AnswerAsync(server, stream));
        LoadResult result = await Task.Run(() => Load(server).RunClosed(_ => Empty, 1, Span));
        Assert.Contains(told, result.Failures.Keys);
        LoadFailedException error = Assert.Throws<LoadFailedException>(() => result.ThrowIfFailed("the load"));
        Assert.Contains(told, error.Message);
    }

    [Fact]
    public async Task Calls_lost_with_their_connection_are_counted_one_by_one()
    {
        await using ScriptedServer server = new((server, number, _) => Task.FromResult(number < 5));
        LoadResult result = await Task.Run(() => Load(server).RunClosed(_ => Empty, 5, Span));
        Assert.Equal(5, result.Failures["call lost with its connection"].Count);
        Assert.Equal(0, result.Calls);
    }

    [Fact]
    public async Task Streams_that_a_server_going_away_does_not_take_are_counted()
    {
        await using ScriptedServer server = new(async (server, number, stream) =>
        {
            if (number < 3) return true;
            await server.SendAsync(FrameType.GoAway, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
            await server.AnswerAsync(1);
            return true;
        });
        LoadResult result = await Task.Run(() => Load(server).RunClosed(_ => Empty, 3, Span));
        Assert.Equal(2, result.Failures["stream refused by GOAWAY"].Count);
        Assert.Equal(1, result.Calls);
    }

    [Fact]
    public async Task A_header_block_in_several_frames_and_padded_data_are_understood()
    {
        await using ScriptedServer server = new(async (server, _, stream) =>
        {
            byte[] status = ScriptedServer.GrpcStatus("0");
            await server.SendAsync(FrameType.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
            await server.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, stream, ScriptedServer.Status200);
            await server.SendAsync(FrameType.Data, FrameFlags.Padded, stream, 2, 0, 0, 0, 0, 0);
            await server.SendAsync(FrameType.Data, 0, stream, 0, 0);
            await server.SendAsync(FrameType.Headers, FrameFlags.EndStream, stream, status[..3]);
            await server.SendAsync(FrameType.Continuation, 0, stream, status[3..9]);
            await server.SendAsync(FrameType.Continuation, FrameFlags.EndHeaders, stream, status[9..]);
            return true;
        });
        LoadResult result = await Task.Run(() => Load(server).RunClosed(_ => Empty, 1, Span));
        Assert.True(result.ThrowIfFailed("the load").Calls > 0);
    }

    [Fact]
    public async Task A_server_that_takes_fewer_streams_than_wanted_is_refused_in_a_closed_loop()
    {
        await using ScriptedServer server = new((server, _, stream) => AnswerAsync(server, stream)) { Settings = [0, 3, 0, 0, 0, 2] };
        Http2Exception error = await Assert.ThrowsAsync<Http2Exception>(() => Task.Run(() => Load(server).RunClosed(_ => Empty, 3, Span)));
        Assert.Contains("2 streams", error.Message);
    }

    [Fact]
    public async Task No_more_is_sent_than_the_server_has_room_for()
    {
        // 65,535 bytes is all the room of a new connection: 65 requests of 1,005 bytes. The server gives no more, and closes.
        await using ScriptedServer server = new(async (server, number, stream) =>
        {
            await server.AnswerAsync(stream);
            return number < 65;
        });
        LoadResult result = await Task.Run(() => Load(server).RunClosed(_ => new FixedCall("/x/y", new byte[1000]), 1, Span));
        Assert.Equal((65, 65), (result.Calls, server.Requests));
        Assert.Equal(["connection lost"], result.Failures.Keys);
    }

    [Fact]
    public void A_server_that_is_not_there_is_refused() =>
        Assert.Throws<Http2Exception>(() => new Http2Load(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), 1)
            .RunClosed(_ => Empty, 1, Span));

    /// <summary>The load ends with its calls, not with the time.</summary>
    private static FixedCall Empty => new("/x/y", default, count: 10);

    private static Http2Load Load(ScriptedServer server) => new(server.Address, 1);

    private static async Task<bool> AnswerAsync(ScriptedServer server, int stream)
    {
        await server.AnswerAsync(stream);
        return true;
    }

    private static async Task<bool> WrongAsync(ScriptedServer server, string wrong, int stream)
    {
        byte both = FrameFlags.EndHeaders | FrameFlags.EndStream;
        byte[] ok = ScriptedServer.GrpcStatus("0");
        switch (wrong)
        {
            case "reset":
                await server.SendAsync(FrameType.Reset, 0, stream, 0, 0, 0, 7);
                break;
            case "goaway":
                await server.SendAsync(FrameType.GoAway, 0, 0, 0, 0, 0, (byte)stream, 0, 0, 0, 11);
                await server.AnswerAsync(stream);
                break;
            case "close":
                return false;
            case "http":
                await server.SendAsync(FrameType.Headers, both, stream, 0x8D);
                break;
            case "no status":
                await server.SendAsync(FrameType.Headers, both, stream, ScriptedServer.Status200);
                break;
            case "status":
                await server.SendAsync(FrameType.Headers, both, stream, [ScriptedServer.Status200, .. ScriptedServer.GrpcStatus("8")]);
                break;
            case "no message":
                await server.SendAsync(FrameType.Headers, both, stream, [ScriptedServer.Status200, .. ok]);
                break;
            case "two messages":
                await BodyAsync(server, stream, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
                break;
            case "half a message":
                await BodyAsync(server, stream, [0, 0, 0, 0, 9, 1]);
                break;
            case "bad block":
                await server.SendAsync(FrameType.Headers, both, stream, 0x80);
                break;
            case "push":
                await server.SendAsync(FrameType.PushPromise, FrameFlags.EndHeaders, stream, 0, 0, 0, 2);
                break;
            case "interrupted block":
                await server.SendAsync(FrameType.Headers, 0, stream, ScriptedServer.Status200);
                await server.SendAsync(FrameType.Data, 0, stream, 0);
                break;
            case "large frame":
                await server.SendAsync(FrameType.Data, 0, stream, new byte[Frame.DefaultMaxLength + 1]);
                break;
            case "bad status":
                await server.SendAsync(FrameType.Headers, both, stream, [ScriptedServer.Status200, .. ScriptedServer.GrpcStatus("x")]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(wrong), wrong, "no such wrong");
        }

        return true;
    }

    private static async Task BodyAsync(ScriptedServer server, int stream, byte[] body)
    {
        await server.SendAsync(FrameType.Headers, FrameFlags.EndHeaders, stream, ScriptedServer.Status200);
        await server.SendAsync(FrameType.Data, 0, stream, body);
        await server.SendAsync(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, ScriptedServer.GrpcStatus("0"));
    }
}
