using NBomber.Contracts.Stats;
using Settlement.Scenarios.Arrivals;

namespace Settlement.Scenarios.Playing;

/// <summary>A morning: the rate climbs to its peak, stays, halves.</summary>
internal static class MorningPeak
{
    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        return
        [
            stage.Play("morning", ArrivalPlan.Morning(stage.Rate, stage.Seconds),
                async (_, arrival) => await calls.SettleAsync(stage.Discharges.Next(), () => arrival.LatencyMs), stage.Thresholds()),
        ];
    }
}
