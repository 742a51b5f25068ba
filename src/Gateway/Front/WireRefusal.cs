using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Front;

/// <summary>Writes a refusal without exceptions, and completes the ones that gRPC wrote.</summary>
internal static class WireRefusal
{
    /// <summary>Refuses a gRPC call in one block of headers.</summary>
    public static Task WriteGrpc(HttpContext context, EncodedStatus status)
    {
        context.Response.ContentType = "application/grpc";
        status.Write(context.Response.Headers);
        return Task.CompletedTask;
    }

    /// <summary>Refuses a JSON call.</summary>
    public static Task WriteJson(HttpContext context, EncodedStatus status) => status.Json.Write(context);

    /// <summary>Gives a status that gRPC wrote by itself our code and details. What has them, or went well, is left as it is.</summary>
    public static void Complete(HttpContext context)
    {
        IHeaderDictionary? written = context.Response.HasStarted
            ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
            : context.Response.Headers;
        if (written is null or { IsReadOnly: true } || !int.TryParse(written.GrpcStatus, out int code) || code == 0
            || written.ContainsKey(EncodedStatus.DetailsName)) return;
        RefusalInfo refusal = FrameworkStatus.ToRefusal((StatusCode)code, Uri.UnescapeDataString(written.GrpcMessage.ToString()));
        new EncodedStatus(RefusalStatus.ToStatus(refusal)).Write(written);
    }
}
