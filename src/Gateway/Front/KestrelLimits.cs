using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Settlement.Gateway.Front;

/// <summary>What one connection may take: everything that a caller can send or leave unsent has a bound in bytes, number or time.</summary>
internal static class KestrelLimits
{
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxHeaders = 64;
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleConnection = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PingAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PingAnswerWithin = TimeSpan.FromSeconds(20);
    private static readonly MinDataRate BodyRate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    /// <summary>Sets the limits.</summary>
    public static void Set(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = null; // gRPC streams are long; single messages and JSON bodies are bounded by MaxRequestBytes
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = MaxHeaders;
        limits.RequestHeadersTimeout = HeadersWithin;
        limits.KeepAliveTimeout = IdleConnection;
        limits.MinRequestBodyDataRate = BodyRate; // not for streams of requests, which may rest
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        limits.Http2.KeepAlivePingDelay = PingAfter;
        limits.Http2.KeepAlivePingTimeout = PingAnswerWithin;
    }
}
