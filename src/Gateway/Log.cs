using Microsoft.Extensions.Logging;

namespace Settlement.Gateway;

/// <summary>Every log message of the gateway. Neither keys nor person ids appear in any.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "{Count} keys in force from {File}")]
    public static partial void KeysRead(this ILogger log, int count, string file);

    [LoggerMessage(1002, LogLevel.Error, "Key file {File} cannot be read: the keys read before stay in force")]
    public static partial void KeyFileUnreadable(this ILogger log, Exception error, string file);

    [LoggerMessage(1003, LogLevel.Warning, "INSECURE: every caller on the loopback interface acts as the agency without a key. Never use this in production")]
    public static partial void Insecure(this ILogger log);

    [LoggerMessage(1004, LogLevel.Warning, "No keys in {File}: every request will be refused until one is made with 'settlement key create'")]
    public static partial void NoKeys(this ILogger log, string file);

    [LoggerMessage(1005, LogLevel.Warning, "The registry of facilities does not answer for {Facility}; what was read of it before stays in force")]
    public static partial void RegistryUnavailable(this ILogger log, Exception error, string facility);

    [LoggerMessage(1010, LogLevel.Error, "{Operation} failed unexpectedly")]
    public static partial void OperationFailed(this ILogger log, Exception error, string operation);
}
