using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using Settlement.Scenarios.Arrivals;
using Settlement.Scenarios.Serving;

namespace Settlement.Scenarios.Playing;

/// <summary>The steady mix for long: no error, no growth of the server's memory past its limit.</summary>
internal static class Soak
{
    private const string Memory = "server memory";

    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        IGauge memory = Metric.CreateGauge(Memory, "MB");
        IGauge processors = Metric.CreateGauge("server processors", "in use");
        using ServerWatch? watch = stage.Server.ProcessId is { } process
            ? new ServerWatch(process, TimeProvider.System, (megabytes, inUse) => (memory, processors).Set(megabytes, inUse))
            : null;
        double most = stage.Options.MemoryMegabytes;
        Threshold[] thresholds = watch is null
            ? stage.Thresholds()
            : [.. stage.Thresholds(), Threshold.Create(metrics => metrics.Gauges.Get(Memory).Value <= most, abortWhenErrorCount: 1)];
        return
        [
            stage.Play("soak", ArrivalPlan.Steady(stage.Rate, stage.Seconds),
                async (_, arrival) => await calls.SettleAsync(stage.Discharges.Next(), () => arrival.LatencyMs), thresholds,
                context =>
                {
                    if (watch is null) return Task.CompletedTask;
                    context.RegisterMetric(memory);
                    context.RegisterMetric(processors);
                    return Task.CompletedTask;
                }),
        ];
    }

    private static void Set(this (IGauge Memory, IGauge Processors) gauges, double megabytes, double inUse)
    {
        gauges.Memory.Set(megabytes);
        gauges.Processors.Set(inUse);
    }
}
