using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Client;

/// <summary>Makes the HTTP request of a call.</summary>
internal static class RequestMessage
{
    private static readonly string UserAgent =
        $"grpc-dotnet/{typeof(RequestMessage).Assembly.GetName().Version} (.NET {Environment.Version})";

    internal static HttpRequestMessage Create(GrpcChannel channel, IMethod method, string? host, CallOptions options, string? encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.AddressOf(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        request.Headers.TryAddWithoutValidation(GrpcProtocol.AcceptEncoding, channel.Compression.AcceptEncoding);
        if (encoding is not null)
            request.Headers.TryAddWithoutValidation(GrpcProtocol.Encoding, encoding);
        if (host is not null)
            request.Headers.Host = host;
        foreach (Metadata.Entry entry in options.Headers ?? Metadata.Empty)
        {
            if (entry.Key != Metadata.CompressionRequestKey)
                request.Headers.TryAddWithoutValidation(entry.Key, entry.WireValue);
        }

        return request;
    }
}
