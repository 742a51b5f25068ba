using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Writes a status as <c>grpc-status</c> and <c>grpc-message</c>.</summary>
internal static class TrailerStatus
{
    internal static void Write(IHeaderDictionary target, Status status)
    {
        target[GrpcProtocol.Status] = GrpcProtocol.StatusText(status.StatusCode);
        if (!string.IsNullOrEmpty(status.Detail))
            target[GrpcProtocol.Message] = PercentEncoding.Encode(status.Detail);
    }
}

/// <summary>The text a client gets of a handler's exception.</summary>
internal static class ErrorText
{
    private const string Plain = "Exception was thrown by handler.";

    internal static string Of(Exception error, bool detailed)
    {
        if (!detailed)
            return Plain;
        string text = Plain;
        for (Exception? current = error; current is not null; current = current.InnerException)
            text += $" {current.GetType().Name}: {current.Message}";
        return text;
    }
}
