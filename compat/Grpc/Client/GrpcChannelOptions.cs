using Grpc.Core;
using Grpc.Net.Compression;
using Settlement.Compat.Grpc.Common;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Plain text or TLS; by default what the scheme of the address says.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Longest request in bytes, before compression; no limit by default.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Longest response in bytes as it comes, compressed or not; 4 MiB by default, null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = GrpcProtocol.DefaultMaxReceiveMessageSize;

    /// <summary>The encodings; null for <c>gzip</c> and <c>deflate</c>.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>The client to send with; not together with <see cref="HttpHandler" />.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler to send with; by default one of the channel's own that opens more connections when streams run out.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes the client or handler given to it.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether cancelled calls throw <see cref="OperationCanceledException" /> instead of <see cref="RpcException" />.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }
}
