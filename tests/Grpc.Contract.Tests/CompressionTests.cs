using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Messages may be compressed each way; the sizes that count are those of the messages themselves.</summary>
public sealed class CompressionTests
{
    private static readonly Text Repetitive = new() { Text_ = new string('z', 200_000) };

    private static Metadata Compressed(string encoding) => new() { { "grpc-internal-encoding-request", encoding } };

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Requests_and_responses_are_compressed(string encoding)
    {
        var counting = new CountingHandler(new SocketsHttpHandler());
        await using TestServer server = await TestServer.StartAsync(options => options.ResponseCompressionAlgorithm = encoding);

        using AsyncUnaryCall<Text> call = server.Client(options => options.HttpHandler = counting).EchoAsync(Repetitive, Compressed(encoding));

        Assert.Equal(Repetitive, await call);
        Assert.Equal(encoding, counting.RequestEncoding);
        Assert.Equal(encoding, counting.ResponseEncoding);
        Assert.InRange(counting.RequestLength, 1, 20_000);
    }

    [Fact]
    public async Task Streams_are_compressed_message_by_message()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using AsyncDuplexStreamingCall<Text, Text> call = server.Client().Chat(Compressed("gzip"));

        await call.RequestStream.WriteAsync(Repetitive);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(Repetitive);
        await call.RequestStream.CompleteAsync();

        Assert.Equal([Repetitive, Repetitive], await call.ResponseStream.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public async Task An_empty_message_may_be_compressed_too()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");

        Assert.Equal(new Text(), await server.Client().EchoAsync(new Text(), Compressed("gzip")));
    }

    [Fact]
    public async Task A_small_message_that_decompresses_beyond_the_limit_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.MaxReceiveMessageSize = 100_000);

        RpcException error = await TestServer.FailureOf(server.Client().EchoAsync(Repetitive, Compressed("gzip")));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    /// <summary>Looks at what goes by.</summary>
    private sealed class CountingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public string? RequestEncoding { get; private set; }

        public string? ResponseEncoding { get; private set; }

        public long RequestLength { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            RequestEncoding = request.Headers.GetValues("grpc-encoding").Single();
            await request.Content!.LoadIntoBufferAsync(cancellationToken);
            RequestLength = request.Content.Headers.ContentLength ?? 0;
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            ResponseEncoding = response.Headers.GetValues("grpc-encoding").Single();
            return response;
        }
    }
}
