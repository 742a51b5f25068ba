using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Settlement.Gateway.Json;

namespace Settlement.Gateway.Front;

/// <summary>
/// A status as gRPC sends it, three headers, and as JSON sends it, a body: encoded once and sent as often as it is wanted.
/// </summary>
internal sealed class EncodedStatus(Google.Rpc.Status status)
{
    /// <summary>The header that holds the status with all its details.</summary>
    public const string DetailsName = "grpc-status-details-bin";

    private readonly string code = status.Code.ToString(CultureInfo.InvariantCulture);
    private readonly string message = PercentEncoded(status.Message);
    private readonly string details = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    private JsonRefusal? json; // of most statuses never wanted

    /// <summary>The same as an answer over HTTP/1.1.</summary>
    public JsonRefusal Json => json ??= JsonFace.Encode(status); // two at once encode the same

    /// <summary>Puts the status into headers or trailers.</summary>
    public void Write(IHeaderDictionary headers)
    {
        headers.GrpcStatus = code;
        headers.GrpcMessage = message;
        headers[DetailsName] = details;
    }

    /// <summary>gRPC's percent encoding: UTF-8, where printable ASCII other than '%' stands for itself.</summary>
    private static string PercentEncoded(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;
        StringBuilder encoded = new(text.Length + 16);
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%') encoded.Append((char)octet);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
