using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Client;

/// <summary>Reads headers, trailers and status of a response.</summary>
internal static class ResponseMetadata
{
    private static readonly FrozenSet<string> OfTransport = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, GrpcProtocol.Encoding, GrpcProtocol.AcceptEncoding, GrpcProtocol.Status, GrpcProtocol.Message,
        "trailer");

    internal static Metadata Read(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string key, HeaderStringValues values) in headers.NonValidated)
        {
            if (OfTransport.Contains(key))
                continue;
            foreach (string value in values)
                HeaderValues.AddTo(metadata, key, value);
        }

        return metadata;
    }

    /// <summary>The trailers; those of a response without messages are in its headers.</summary>
    internal static Metadata ReadTrailers(HttpResponseMessage response) =>
        Read(response.TrailingHeaders.NonValidated.Contains(GrpcProtocol.Status) ? response.TrailingHeaders : response.Headers);

    /// <summary>The status of a response that was read to its end.</summary>
    internal static Status ReadStatus(HttpResponseMessage response)
    {
        HttpResponseHeaders source = response.TrailingHeaders.NonValidated.Contains(GrpcProtocol.Status)
            ? response.TrailingHeaders
            : response.Headers;
        if (Single(source, GrpcProtocol.Status) is not { } text)
            return new Status(StatusCode.Cancelled, "No grpc-status found on response.");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            return new Status(StatusCode.Unknown, $"Unexpected grpc-status value: {text}");
        string detail = PercentEncoding.Decode(Single(source, GrpcProtocol.Message) ?? "");
        return new Status(Enum.IsDefined((StatusCode)code) ? (StatusCode)code : StatusCode.Unknown, detail);
    }

    /// <exception cref="RpcException">The response is not gRPC.</exception>
    internal static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            StatusCode code = TransportError.CodeOf(response.StatusCode);
            throw new RpcException(new Status(code, $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"));
        }

        string? contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            ? values.ToString()
            : null;
        if (!GrpcProtocol.IsGrpcContentType(contentType))
            throw new RpcException(new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {contentType}"));
    }

    private static string? Single(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
