using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes responses.</summary>
public static class Response
{
    /// <summary>It went well.</summary>
    public static Response<object> Ok() => Ok<object>();

    /// <summary>It failed.</summary>
    public static Response<object> Fail() => Fail<object>();

    /// <summary>It went well.</summary>
    /// <param name="statusCode">The caller's own name for the outcome.</param>
    /// <param name="sizeBytes">Bytes transferred.</param>
    /// <param name="message">What to say of it.</param>
    /// <param name="customLatencyMs">Replaces the measured latency where it is above 0.</param>
    public static Response<T> Ok<T>(string statusCode = "", long sizeBytes = 0, string message = "", double customLatencyMs = 0) => new()
    {
        StatusCode = statusCode,
        IsError = false,
        SizeBytes = sizeBytes,
        Message = message,
        CustomLatencyMs = customLatencyMs,
    };

    /// <summary>It failed.</summary>
    /// <param name="statusCode">The caller's own name for the outcome.</param>
    /// <param name="message">What to say of it.</param>
    /// <param name="sizeBytes">Bytes transferred.</param>
    /// <param name="customLatencyMs">Replaces the measured latency where it is above 0.</param>
    public static Response<T> Fail<T>(string statusCode = "", string message = "", long sizeBytes = 0, double customLatencyMs = 0) => new()
    {
        StatusCode = statusCode,
        IsError = true,
        SizeBytes = sizeBytes,
        Message = message,
        CustomLatencyMs = customLatencyMs,
    };
}
