namespace NBomber.Contracts;

/// <summary>What an iteration or a step came to.</summary>
public interface IResponse
{
    /// <summary>The caller's own name for the outcome; empty: none, and then it is not counted by code.</summary>
    string StatusCode { get; }

    /// <summary>Whether it counts as failed.</summary>
    bool IsError { get; }

    /// <summary>Bytes transferred; 0: not measured.</summary>
    long SizeBytes { get; }

    /// <summary>A latency in milliseconds that replaces the measured one; 0: the measured one counts.</summary>
    double CustomLatencyMs { get; }

    /// <summary>What to say of it in reports.</summary>
    string Message { get; }
}

/// <summary>A response with room for a payload.</summary>
/// <typeparam name="T">What the payload would be.</typeparam>
public sealed record Response<T> : IResponse
{
    /// <inheritdoc/>
    public required string StatusCode { get; init; }

    /// <inheritdoc/>
    public required bool IsError { get; init; }

    /// <inheritdoc/>
    public required long SizeBytes { get; init; }

    /// <inheritdoc/>
    public required double CustomLatencyMs { get; init; }

    /// <inheritdoc/>
    public required string Message { get; init; }
}
