using Microsoft.Extensions.Logging;

namespace Orleans.Runtime;

/// <summary>All log messages of the runtime. Keys of grains are never logged: they may be personal. Only the grain type is.</summary>
internal static partial class Log
{
    public static void ActivationFailed(this ILogger log, Exception exception, GrainId grain) =>
        ActivationFailed(log, exception, grain.Type);

    public static void DeactivationFailed(this ILogger log, Exception exception, GrainId grain) =>
        DeactivationFailed(log, exception, grain.Type);

    public static void TimerFailed(this ILogger log, Exception exception, GrainId grain) => TimerFailed(log, exception, grain.Type);

    [LoggerMessage(1, LogLevel.Information, "Silo started: single process, no cluster.")]
    public static partial void Started(this ILogger log);

    [LoggerMessage(2, LogLevel.Information, "Silo stopped: {Deactivated} activations ended, {Left} left running.")]
    public static partial void Stopped(this ILogger log, int deactivated, int left);

    [LoggerMessage(3, LogLevel.Warning, "A grain of type {GrainType} could not be activated.")]
    private static partial void ActivationFailed(ILogger log, Exception exception, GrainType grainType);

    [LoggerMessage(4, LogLevel.Warning, "A grain of type {GrainType} failed while it was deactivated.")]
    private static partial void DeactivationFailed(ILogger log, Exception exception, GrainType grainType);

    [LoggerMessage(5, LogLevel.Warning, "A timer of a grain of type {GrainType} failed; the timer goes on.")]
    private static partial void TimerFailed(ILogger log, Exception exception, GrainType grainType);

    [LoggerMessage(
        6, LogLevel.Warning,
        "Memory: {Used} of {Available} bytes in use, above the limit of {Limit} %: {Shed} of {Activations} activations are ended.")]
    public static partial void ShedForMemory(this ILogger log, long used, long available, double limit, int shed, int activations);
}
