using System.Net;
using System.Net.Sockets;
using Grpc.Core;

namespace Settlement.Compat.Grpc.Client;

/// <summary>The status of a call that HTTP/2 or the network ended.</summary>
internal static class TransportError
{
    private const long NoError = 0x0;
    private const long RefusedStream = 0x7;
    private const long CancelStream = 0x8;
    private const long EnhanceYourCalm = 0xb;
    private const long InadequateSecurity = 0xc;

    internal static Status StatusOf(Exception error) =>
        new(CodeOf(error), $"Error during gRPC call. {error.GetType().Name}: {error.Message}{Inner(error)}", error);

    /// <summary>The status for an HTTP status other than 200, as the gRPC documents map it.</summary>
    internal static StatusCode CodeOf(HttpStatusCode http) => http switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    private static StatusCode CodeOf(Exception error)
    {
        for (Exception? current = error; current is not null; current = current.InnerException)
        {
            if (current is HttpProtocolException protocol)
                return CodeOfReset(protocol.ErrorCode);
            if (current is SocketException or IOException or ObjectDisposedException)
                return StatusCode.Unavailable;
        }

        return error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            ? StatusCode.Unavailable
            : StatusCode.Internal;
    }

    private static StatusCode CodeOfReset(long code) => code switch
    {
        NoError => StatusCode.Internal,
        RefusedStream => StatusCode.Unavailable,
        CancelStream => StatusCode.Cancelled,
        EnhanceYourCalm => StatusCode.ResourceExhausted,
        InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private static string Inner(Exception error) =>
        error.InnerException is { } inner ? $" {inner.GetType().Name}: {inner.Message}" : "";
}
