using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Settlement.Grpc.Contract.Tests.Probing;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>
/// Messages may be compressed each way. The limits are those of what comes over the wire: what a message inflates to, only its provider can
/// bound.
/// </summary>
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

        using AsyncUnaryCall<Text> call = server.Client(options => options.HttpHandler = counting)
            .EchoAsync(Repetitive, Compressed(encoding));

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
    public async Task A_compressed_message_beyond_the_limit_is_refused()
    {
        byte[] noise = new byte[150_000];
        new Random(20260301).NextBytes(noise);
        await using TestServer server = await TestServer.StartAsync(options => options.MaxReceiveMessageSize = 100_000);

        RpcException error = await TestServer.FailureOf(server.Client()
            .EchoAsync(new Text { Text_ = Convert.ToBase64String(noise) }, Compressed("gzip")));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task The_providers_of_the_application_take_the_place_of_the_usual_ones()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.CompressionProviders = [new RefusingGzip()]);

        RpcException refused = await TestServer.FailureOf(server.Client().EchoAsync(Repetitive, Compressed("gzip")));
        RpcException unknown = await TestServer.FailureOf(server.Client().EchoAsync(Repetitive, Compressed("deflate")));

        Assert.Equal(new Status(StatusCode.ResourceExhausted, "enough"), refused.Status);
        Assert.Equal(StatusCode.Unimplemented, unknown.StatusCode);
    }

    /// <summary>Ends the call with a status of its own.</summary>
    private sealed class RefusingGzip : ICompressionProvider
    {
        public string EncodingName => "gzip";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => stream;

        public Stream CreateDecompressionStream(Stream stream) =>
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "enough"));
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
