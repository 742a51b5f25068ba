using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Settlement.Compat.Grpc.Server;

/// <summary>What the server logs.</summary>
internal static partial class ServerLog
{
    /// <summary>The category, that of the library this stands in for.</summary>
    internal const string Category = "Grpc.AspNetCore.Server.ServerCallHandler";

    [LoggerMessage(1, LogLevel.Information, "Request content type of '{ContentType}' is not supported.")]
    internal static partial void UnsupportedContentType(ILogger logger, string? contentType);

    [LoggerMessage(2, LogLevel.Information, "Request protocol of '{Protocol}' is not supported.")]
    internal static partial void UnsupportedProtocol(ILogger logger, string protocol);

    [LoggerMessage(6, LogLevel.Error, "Error when executing service method '{Method}'.")]
    internal static partial void HandlerFailed(ILogger logger, string method, Exception error);

    [LoggerMessage(7, LogLevel.Information, "Error status code '{StatusCode}' with detail '{Detail}' raised.")]
    internal static partial void StatusRaised(ILogger logger, StatusCode statusCode, string detail, Exception? error);

    [LoggerMessage(8, LogLevel.Debug, "Service method '{Method}' ended by cancellation.")]
    internal static partial void HandlerCancelled(ILogger logger, string method, Exception error);

    [LoggerMessage(9, LogLevel.Debug, "Request with timeout of {Timeout} has exceeded its deadline.")]
    internal static partial void DeadlineExceeded(ILogger logger, TimeSpan timeout);

    [LoggerMessage(10, LogLevel.Debug, "The grpc-timeout header value '{Timeout}' is not valid and is ignored.")]
    internal static partial void InvalidTimeout(ILogger logger, string timeout);

    [LoggerMessage(11, LogLevel.Error, "Ending a call at its deadline failed.")]
    internal static partial void DeadlineFailed(ILogger logger, Exception error);

    [LoggerMessage(12, LogLevel.Information, "Method or service '{Path}' is unimplemented.")]
    internal static partial void Unimplemented(ILogger logger, string? path);

    [LoggerMessage(13, LogLevel.Debug, "The service descriptor of '{ServiceType}' was not found: reflection does not show it.")]
    internal static partial void DescriptorNotFound(ILogger logger, Type serviceType);
}
