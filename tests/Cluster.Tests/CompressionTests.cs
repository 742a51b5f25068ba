using System.IO.Compression;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Gateway.Services;

namespace Settlement.Cluster.Tests;

/// <summary>Requests may come compressed with gzip; what they inflate to is bounded as well as what comes over the wire.</summary>
public sealed class CompressionTests : IAsyncLifetime
{
    private const int Limit = 20_000;
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };
    private TestSilo silo = null!;

    public async Task InitializeAsync() =>
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", $"Gateway:MaxRequestBytes={Limit}"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task A_compressed_request_is_settled_like_any_other()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"), Gzip);
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));

        SettleResponse compressed = await silo.Settlement.SettleAsync(request, Gzip);

        Assert.Equal(compressed, await silo.Settlement.SettleAsync(request));
    }

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(100 * Limit)]
    public async Task A_small_request_that_inflates_beyond_the_limit_is_refused(int length)
    {
        SettleRequest bomb = new() { RequestId = new string('z', length) };
        Assert.InRange(Deflated(bomb).Length, 1, Limit - 1);

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => silo.Settlement.SettleAsync(bomb, Gzip).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains($"{Limit} bytes", error.Status.Detail);
    }

    [Fact]
    public async Task One_such_request_ends_a_stream_but_not_the_server()
    {
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> call = silo.Settlement.SettleMany(Gzip);
        await call.RequestStream.WriteAsync(new SettleRequest { RequestId = new string('z', 100 * Limit) });

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        await silo.Settlement.PingAsync(new PingRequest(), Gzip);
    }

    [Fact]
    public void Bytes_that_are_not_gzip_are_the_callers_fault()
    {
        using Stream inflating = new BoundedGzip(Limit).CreateDecompressionStream(new MemoryStream("not gzip at all"u8.ToArray()));

        RpcException error = Assert.Throws<RpcException>(() => inflating.CopyTo(Stream.Null));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task An_encoding_without_a_bound_is_not_spoken()
    {
        Metadata deflate = new() { { "grpc-internal-encoding-request", "deflate" } };
        SettleRequest request = new() { RequestId = "r1" };

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => silo.Settlement.SettleAsync(request, deflate).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public void A_message_of_exactly_the_limit_passes()
    {
        byte[] message = new byte[Limit];
        MemoryStream output = new();
        using (Stream deflating = new BoundedGzip(Limit).CreateCompressionStream(output, CompressionLevel.Optimal))
            deflating.Write(message);

        Assert.Equal(message, Inflated(output.ToArray()));
    }

    [Fact]
    public void An_empty_message_becomes_a_whole_gzip_member()
    {
        MemoryStream output = new();
        using (Stream deflating = new BoundedGzip(Limit).CreateCompressionStream(output, null)) deflating.Write([]);

        // What zlib itself gives for nothing: header, one empty block, checksum and length of nothing.
        Assert.Equal("1F8B08000000000000FF03000000000000000000", Convert.ToHexString(output.ToArray()));
        Assert.Empty(Inflated(output.ToArray()));
    }

    private static byte[] Deflated(SettleRequest request)
    {
        MemoryStream output = new();
        using (GZipStream deflating = new(output, CompressionLevel.Fastest))
            deflating.Write(Google.Protobuf.MessageExtensions.ToByteArray(request));
        return output.ToArray();
    }

    private static byte[] Inflated(byte[] compressed)
    {
        MemoryStream output = new();
        using (Stream inflating = new BoundedGzip(Limit).CreateDecompressionStream(new MemoryStream(compressed))) inflating.CopyTo(output);
        return output.ToArray();
    }
}
