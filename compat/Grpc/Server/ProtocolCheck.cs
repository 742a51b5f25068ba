using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Turns away what is not gRPC over HTTP/2 or later, in words a lost client can use.</summary>
internal static class ProtocolCheck
{
    internal static bool Accepts(HttpContext http, ILogger log)
    {
        HttpRequest request = http.Request;
        if (!GrpcProtocol.IsGrpcContentType(request.ContentType))
        {
            ServerLog.UnsupportedContentType(log, request.ContentType);
            string text = request.ContentType is null
                ? "Content-Type is missing from the request."
                : $"Content-Type '{request.ContentType}' is not supported.";
            Refuse(http.Response, StatusCodes.Status415UnsupportedMediaType, text);
            return false;
        }

        if (HttpProtocol.IsHttp2(request.Protocol) || HttpProtocol.IsHttp3(request.Protocol))
            return true;
        ServerLog.UnsupportedProtocol(log, request.Protocol);
        http.Response.Headers.Upgrade = "HTTP/2";
        Refuse(http.Response, StatusCodes.Status426UpgradeRequired, $"Request protocol '{request.Protocol}' is not supported.");
        return false;
    }

    private static void Refuse(HttpResponse response, int httpStatus, string text)
    {
        response.StatusCode = httpStatus;
        TrailerStatus.Write(response.Headers, new Status(StatusCode.Internal, text));
    }
}
