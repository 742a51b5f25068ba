using Grpc.Core;

namespace Settlement.Compat.Grpc.Common;

/// <summary>Names and fixed texts of gRPC over HTTP/2.</summary>
internal static class GrpcProtocol
{
    internal const string ContentType = "application/grpc";
    internal const string Encoding = "grpc-encoding";
    internal const string AcceptEncoding = "grpc-accept-encoding";
    internal const string Timeout = "grpc-timeout";
    internal const string Status = "grpc-status";
    internal const string Message = "grpc-message";
    internal const string Identity = "identity";

    /// <summary>A flag byte and four bytes of length before each message.</summary>
    internal const int FrameHeaderSize = 5;

    /// <summary>4 MiB, what every gRPC implementation allows unless told otherwise.</summary>
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    private static readonly string[] StatusTexts = [.. Enumerable.Range(0, 17).Select(code => code.ToString())];

    internal static string StatusText(StatusCode code) => (uint)code < StatusTexts.Length ? StatusTexts[(int)code] : ((int)code).ToString();

    /// <summary>Whether a content type is <c>application/grpc</c>, alone or with a suffix such as <c>+proto</c>.</summary>
    internal static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is ';' or '+');
}
