using Orleans;

namespace Settlement.Refusals;

/// <summary>Why a request was not done. Refusals cross the grain boundary as values; the gateway turns them into a gRPC status.</summary>
/// <param name="Code">Stable reason code, one of <see cref="RefusalCodes"/>.</param>
/// <param name="Message">What was wrong, in English, naming field, value (masked if personal) and rule.</param>
/// <param name="MessageZh">The same in Chinese.</param>
/// <param name="Details">Further facts by name, such as <c>field</c>, <c>parameter</c>, <c>blockedBy</c>.</param>
[GenerateSerializer, Immutable, Alias("settlement.refusal")]
public sealed record RefusalInfo(
    [property: Id(0)] string Code,
    [property: Id(1)] string Message,
    [property: Id(2)] string MessageZh,
    [property: Id(3)] Dictionary<string, string> Details)
{
    /// <summary>A refusal without further facts.</summary>
    public RefusalInfo(string code, string message, string messageZh)
        : this(code, message, messageZh, [])
    {
    }
}

/// <summary>An answer of a grain: a value or a refusal, never both.</summary>
/// <typeparam name="T">The message answered.</typeparam>
[GenerateSerializer, Immutable, Alias("settlement.reply`1")]
public sealed class Reply<T>
    where T : class
{
    /// <summary>The answer, or null when the request was refused.</summary>
    [Id(0)]
    public T? Value { get; init; }

    /// <summary>The refusal, or null when there is an answer.</summary>
    [Id(1)]
    public RefusalInfo? Refusal { get; init; }

    /// <summary>Wraps an answer.</summary>
    public static implicit operator Reply<T>(T value) => new() { Value = value };

    /// <summary>Wraps a refusal.</summary>
    public static implicit operator Reply<T>(RefusalInfo refusal) => new() { Refusal = refusal };
}
