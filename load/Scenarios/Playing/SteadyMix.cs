using NBomber.Contracts.Stats;
using Settlement.Scenarios.Arrivals;

namespace Settlement.Scenarios.Playing;

/// <summary>An ordinary day: discharges of all visit types at an even rate.</summary>
internal static class SteadyMix
{
    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        return
        [
            stage.Play("steady", ArrivalPlan.Steady(stage.Rate, stage.Seconds),
                async (_, arrival) => await calls.SettleAsync(stage.Discharges.Next(), () => arrival.LatencyMs), stage.Thresholds()),
        ];
    }
}
