using System.Collections.Frozen;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Reads request headers as metadata.</summary>
internal static class RequestMetadata
{
    private static readonly FrozenSet<string> OfTransport = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        GrpcProtocol.Encoding, GrpcProtocol.AcceptEncoding, GrpcProtocol.Timeout, "content-type", "te", "host", "accept-encoding");

    internal static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string key, StringValues values) in headers)
        {
            if (key.StartsWith(':') || OfTransport.Contains(key))
                continue;
            foreach (string? value in values)
                HeaderValues.AddTo(metadata, key, value ?? "");
        }

        return metadata;
    }

    /// <summary>Whether the client said it understands this encoding.</summary>
    internal static bool Accepts(IHeaderDictionary headers, string encoding)
    {
        string accepted = headers[GrpcProtocol.AcceptEncoding].ToString();
        foreach (Range range in accepted.AsSpan().Split(','))
        {
            if (accepted.AsSpan(range).Trim().SequenceEqual(encoding))
                return true;
        }

        return false;
    }
}
