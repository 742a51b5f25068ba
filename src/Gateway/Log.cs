using Microsoft.Extensions.Logging;

namespace Settlement.Gateway;

/// <summary>Every log message of the gateway. Neither keys nor person ids appear in any.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "{Count} keys in force from {File}")]
    public static partial void KeysRead(this ILogger log, int count, string file);

    [LoggerMessage(1002, LogLevel.Error, "Key file {File} cannot be read: the keys read before stay in force")]
    public static partial void KeyFileUnreadable(this ILogger log, Exception error, string file);

    [LoggerMessage(
        1003, LogLevel.Warning,
        "INSECURE: every caller on the loopback interface acts as the agency without a key. Never use this in production")]
    public static partial void Insecure(this ILogger log);

    [LoggerMessage(
        1004, LogLevel.Warning, "No keys in {File}: every request will be refused until one is made with 'settlement key create'")]
    public static partial void NoKeys(this ILogger log, string file);

    [LoggerMessage(1005, LogLevel.Information, "Server certificate read again from {File}; it holds until {NotAfter}")]
    public static partial void CertificateRead(this ILogger log, string file, DateTime notAfter);

    [LoggerMessage(1006, LogLevel.Error, "Server certificate {File} cannot be read: the one read before serves on")]
    public static partial void CertificateUnreadable(this ILogger log, Exception error, string file);

    [LoggerMessage(
        1007, LogLevel.Error, "The trail of reads cannot be written, {Waiting} reads wait: once the queue is full, reads are refused")]
    public static partial void ReadTrailStuck(this ILogger log, Exception error, int waiting);

    [LoggerMessage(
        1008, LogLevel.Warning, "No TLS on {Address}, which other machines reach: put a proxy that ends TLS in front, or set Gateway:Tls")]
    public static partial void PlainText(this ILogger log, string address);

    [LoggerMessage(
        1009, LogLevel.Warning, "The registry of facilities does not answer for {Facility}; what was read of it before stays in force")]
    public static partial void RegistryUnavailable(this ILogger log, Exception error, string facility);

    [LoggerMessage(1010, LogLevel.Error, "{Operation} failed unexpectedly")]
    public static partial void OperationFailed(this ILogger log, Exception error, string operation);

    [LoggerMessage(1011, LogLevel.Warning, "The catalogue does not answer; what was read of it before stays in force")]
    public static partial void CatalogueUnavailable(this ILogger log, Exception error);
}
