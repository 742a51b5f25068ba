using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Settlement.Gateway.Json;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Front;

/// <summary>Writes a refusal without exceptions, and completes the ones that gRPC wrote.</summary>
internal static class WireRefusal
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Refuses a gRPC call in one block of headers.</summary>
    public static Task WriteGrpc(HttpContext context, RefusalInfo refusal, TimeSpan retryAfter)
    {
        context.Response.ContentType = "application/grpc";
        Set(context.Response.Headers, RefusalStatus.ToStatus(refusal, retryAfter));
        return Task.CompletedTask;
    }

    /// <summary>Refuses a JSON call.</summary>
    public static Task WriteJson(HttpContext context, RefusalInfo refusal, TimeSpan retryAfter) =>
        JsonFace.WriteRefusal(context, RefusalStatus.ToStatus(refusal, retryAfter));

    /// <summary>Gives a status that gRPC wrote by itself our code and details. What has them, or went well, is left as it is.</summary>
    public static void Complete(HttpContext context)
    {
        IHeaderDictionary? written = context.Response.HasStarted
            ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
            : context.Response.Headers;
        if (written is null or { IsReadOnly: true } || !int.TryParse(written.GrpcStatus, out int code) || code == 0
            || written.ContainsKey(DetailsTrailer)) return;
        Set(written, RefusalStatus.ToStatus(
            FrameworkStatus.ToRefusal((StatusCode)code, Uri.UnescapeDataString(written.GrpcMessage.ToString()))));
    }

    private static void Set(IHeaderDictionary headers, Google.Rpc.Status status)
    {
        headers.GrpcStatus = status.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        headers.GrpcMessage = PercentEncoded(status.Message);
        headers[DetailsTrailer] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }

    /// <summary>gRPC's percent encoding: UTF-8, where printable ASCII other than '%' stands for itself.</summary>
    private static string PercentEncoded(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;
        StringBuilder encoded = new(text.Length + 16);
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)octet);
            else encoded.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
