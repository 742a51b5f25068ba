using NBomber.Contracts.Stats;
using Settlement.Scenarios.Arrivals;

namespace Settlement.Scenarios.Playing;

/// <summary>One person only: every settlement depends on the one before, and none may be decided on an older account.</summary>
internal static class HotPerson
{
    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        return
        [
            stage.Play("hot", ArrivalPlan.Steady(stage.Rate, stage.Seconds),
                async (_, arrival) =>
                    await calls.SettleAsync(stage.Discharges.Of(stage.Discharges.NextNumber(), person: 0), () => arrival.LatencyMs),
                stage.Thresholds()),
        ];
    }
}
