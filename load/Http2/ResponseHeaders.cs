using System.Buffers.Text;
using System.Net;
using System.Text;
using Settlement.Http2.Hpack;

namespace Settlement.Http2;

/// <summary>What of a response's headers or trailers says how the call went.</summary>
internal struct ResponseHeaders() : IHeaderSink
{
    /// <summary>The HTTP status, or -1 when the block has none (trailers).</summary>
    public int HttpStatus { get; private set; } = -1;

    /// <summary>The gRPC status, or -1 when the block has none.</summary>
    public int GrpcStatus { get; private set; } = -1;

    /// <summary>What the server says about a status that is not OK.</summary>
    public string Message { get; private set; } = "";

    /// <inheritdoc/>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual(":status"u8)) HttpStatus = Number(name, value);
        else if (name.SequenceEqual("grpc-status"u8)) GrpcStatus = Number(name, value);
        else if (name.SequenceEqual("grpc-message"u8))
            Message = WebUtility.UrlDecode(Encoding.ASCII.GetString(value).Replace("+", "%2B", StringComparison.Ordinal));
    }

    private static int Number(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out int number, out int used) && used == value.Length
            ? number
            : throw new Http2Exception($"{Encoding.ASCII.GetString(name)} is '{Encoding.ASCII.GetString(value)}': expected a number.");
}
