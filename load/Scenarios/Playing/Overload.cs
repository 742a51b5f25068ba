using System.Globalization;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Settlement.Scenarios.Arrivals;

namespace Settlement.Scenarios.Playing;

/// <summary>
/// Three times what the server can do. It may refuse, naming the time to wait, or let wait within bounds; it may not fail, nor forget what
/// it accepted.
/// </summary>
internal static class Overload
{
    private const int Times = 3;
    private const int CapacitySeconds = 5;
    private const int CapacityCopies = 64;

    // Longest wait that a hospital's client would still bear.
    private const double LongestWaitMs = 30_000;

    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        List<NodeStats> all = [];
        int rate = stage.Rate;
        if (rate == 0)
        {
            int capacity = stage.Options.Capacity;
            if (capacity == 0)
            {
                all.Add(Capacity(stage));
                capacity = Math.Max(1, (int)all[0].ScenarioStats[0].Ok.Request.RPS);
            }

            rate = capacity * Times;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"capacity {capacity:N0}/s, so {rate:N0} arrive a second"));
        }

        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: true);
        all.Add(stage.Play("overload", ArrivalPlan.Steady(rate, stage.Seconds),
            async (_, arrival) => await calls.SettleAsync(stage.Discharges.Next(), () => arrival.LatencyMs),
            [Stage.NoFailure, Threshold.Create(stats => stats.Ok.Latency.MaxMs <= LongestWaitMs)]));
        return all;
    }

    // A closed loop finds what the server can do: it never asks for more.
    private static NodeStats Capacity(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        return stage.Play("capacity", async _ => await calls.SettleAsync(stage.Discharges.Next(), () => 0), [Stage.NoFailure],
            [Simulation.KeepConstant(CapacityCopies, TimeSpan.FromSeconds(CapacitySeconds))]);
    }
}
