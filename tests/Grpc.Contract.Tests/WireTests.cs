using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>What the server answers to bytes that no well-behaved client sends.</summary>
public sealed class WireTests
{
    private const string EchoPath = "/settlement.contract.v1.Probe/Echo";

    [Fact]
    public async Task A_well_formed_request_is_answered_with_a_frame_and_a_status()
    {
        await using TestServer server = await TestServer.StartAsync();

        Answer answer = await SendAsync(server, Frame(0, new Text { Number = 5 }.ToByteArray()));

        Assert.Equal(("application/grpc", StatusCode.OK), (answer.ContentType, answer.Status));
        Assert.Equal(Frame(0, new Text { Number = 5 }.ToByteArray()), answer.Body);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task The_content_type_may_say_more(string contentType)
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.OK, (await SendAsync(server, Frame(0, []), contentType: contentType)).Status);
    }

    [Fact]
    public async Task A_frame_cut_short_is_an_internal_error()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Internal, (await SendAsync(server, [0, 0, 0, 0, 9, 1, 2])).Status);
        Assert.Equal(StatusCode.Internal, (await SendAsync(server, [0, 0, 0])).Status);
    }

    [Fact]
    public async Task A_body_without_a_message_is_an_internal_error()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Internal, (await SendAsync(server, [])).Status);
    }

    [Fact]
    public async Task A_second_message_in_a_unary_call_is_an_internal_error()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Internal, (await SendAsync(server, [.. Frame(0, []), .. Frame(0, [])])).Status);
    }

    [Fact]
    public async Task An_unknown_flag_before_a_message_fails_the_call()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.NotEqual(StatusCode.OK, (await SendAsync(server, Frame(7, []))).Status);
    }

    [Fact]
    public async Task A_message_that_says_it_is_compressed_needs_an_encoding()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Internal, (await SendAsync(server, Frame(1, []))).Status);
        Assert.Equal(StatusCode.Internal, (await SendAsync(server, Frame(1, []), ("grpc-encoding", "identity"))).Status);
    }

    [Fact]
    public async Task An_unknown_encoding_is_unimplemented_and_the_known_ones_are_named()
    {
        await using TestServer server = await TestServer.StartAsync();

        Answer answer = await SendAsync(server, Frame(1, [1, 2, 3]), ("grpc-encoding", "snappy"));

        Assert.Equal(StatusCode.Unimplemented, answer.Status);
        Assert.Contains("gzip", answer.AcceptEncoding);
        Assert.Contains("identity", answer.AcceptEncoding);
    }

    [Fact]
    public async Task Bytes_that_are_no_protobuf_fail_the_call()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Unknown, (await SendAsync(server, Frame(0, [0xff, 0xff, 0xff]))).Status);
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_the_message_comes()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.ResourceExhausted, (await SendAsync(server, [0, 0x7f, 0, 0, 0, 1])).Status);
    }

    [Theory]
    [InlineData("/settlement.contract.v1.Probe/Nothing")]
    [InlineData("/settlement.contract.v1.Nobody/Echo")]
    public async Task An_unknown_method_or_service_is_unimplemented(string path)
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(StatusCode.Unimplemented, (await SendAsync(server, Frame(0, []), path: path)).Status);
    }

    [Theory]
    [InlineData("/settlement.contract.v1.Probe/Nothing")]
    [InlineData("/settlement.contract.v1.Nobody/Echo")]
    public async Task An_unknown_method_or_service_is_left_to_the_application_where_that_is_wanted(string path)
    {
        await using TestServer server = await TestServer.StartAsync(grpc => grpc.IgnoreUnknownServices = true);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(server, Frame(0, []), path: path)).Http);
        Assert.Equal(StatusCode.OK, (await SendAsync(server, Frame(0, []))).Status);
    }

    [Fact]
    public async Task Another_content_type_is_unsupported_media()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(server, Frame(0, []), contentType: "application/json")).Http);
    }

    [Fact]
    public async Task Http_1_is_told_to_upgrade()
    {
        await using TestServer server = await TestServer.StartAsync(protocols: HttpProtocols.Http1);

        Answer answer = await SendAsync(server, Frame(0, []), version: HttpVersion.Version11);

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.Http);
    }

    [Fact]
    public async Task The_server_keeps_serving_after_all_of_this()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpMessageInvoker oneConnection = new(new SocketsHttpHandler());

        foreach (byte[] body in (byte[][])[[], [0, 0, 0], Frame(7, []), Frame(0, [0xff]), [0, 0xff, 0xff, 0xff, 0xff]])
            Assert.NotEqual(StatusCode.OK, (await SendAsync(server, body, over: oneConnection)).Status);

        Assert.Equal(StatusCode.OK, (await SendAsync(server, Frame(0, []), over: oneConnection)).Status);
    }

    [Fact]
    public async Task A_reset_stream_leaves_its_connection_to_the_others()
    {
        await using TestServer server = await TestServer.StartAsync();
        Probe.ProbeClient client = server.Client(
            options => options.HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false });
        for (int turn = 0; turn < 50; turn++)
        {
            AsyncDuplexStreamingCall<Text, Text> call = client.Chat();
            await call.RequestStream.WriteAsync(new Text());
            call.Dispose();
        }

        Assert.Equal(9, (await client.EchoAsync(new Text { Number = 9 })).Number);
    }

    [Fact]
    public async Task A_half_closed_call_is_still_answered()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat();
        await call.RequestStream.WriteAsync(new Text { Number = 1 });
        await call.RequestStream.WriteAsync(new Text { Number = 2 });
        await call.RequestStream.CompleteAsync();

        Assert.Equal([1, 2], (await call.ResponseStream.ReadAllAsync().ToListAsync()).Select(text => text.Number));
    }

    [Theory]
    [InlineData("1m", true)]
    [InlineData("1S", false)]
    [InlineData("soon", false)]
    public async Task A_deadline_is_read_from_its_header_and_a_bad_one_ignored(string timeout, bool exceeded)
    {
        await using TestServer server = await TestServer.StartAsync();
        string path = exceeded ? "/settlement.contract.v1.Probe/Wait" : EchoPath;

        Answer answer = await SendAsync(server, Frame(0, []), ("grpc-timeout", timeout), path: path);

        Assert.Equal(exceeded ? StatusCode.DeadlineExceeded : StatusCode.OK, answer.Status);
    }

    private static byte[] Frame(byte flag, byte[] message) =>
        [flag, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static async Task<Answer> SendAsync(
        TestServer server,
        byte[] body,
        (string Name, string Value)? header = null,
        string path = EchoPath,
        string contentType = "application/grpc",
        Version? version = null,
        HttpMessageInvoker? over = null)
    {
        using HttpMessageInvoker own = new(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = version ?? HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (header is { } extra)
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        using HttpResponseMessage response = await (over ?? own).SendAsync(request, CancellationToken.None).WaitAsync(TestServer.Guard);
        byte[] content = await response.Content.ReadAsByteArrayAsync().WaitAsync(TestServer.Guard);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            Status(response.TrailingHeaders) ?? Status(response.Headers),
            response.Headers.TryGetValues("grpc-accept-encoding", out IEnumerable<string>? values) ? string.Join(',', values) : "",
            content);
    }

    private static StatusCode? Status(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? (StatusCode)int.Parse(values.Single()) : null;

    private sealed record Answer(HttpStatusCode Http, string? ContentType, StatusCode? Status, string AcceptEncoding, byte[] Body);
}
