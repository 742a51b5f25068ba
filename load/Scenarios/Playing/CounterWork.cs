using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Settlement.Contract;
using Settlement.Scenarios.Arrivals;
using Settlement.Scenarios.World;
using Step = NBomber.CSharp.Step;

namespace Settlement.Scenarios.Playing;

/// <summary>
/// A visit to the counter: some quotes of the same claim, in four of ten then the settlement, one in twenty of which is taken back.
/// </summary>
internal static class CounterWork
{
    // Purposes of draws.
    private const int HowMany = 31;
    private const int Settles = 32;
    private const int Reverses = 33;

    /// <summary>Plays it.</summary>
    public static IReadOnlyList<NodeStats> Play(Stage stage)
    {
        Calls calls = new(stage.Server, stage.Acknowledged, busyIsExpected: false);
        return
        [
            stage.Play("counter", ArrivalPlan.Steady(stage.Rate, stage.Seconds),
                (context, arrival) => VisitAsync(stage, calls, context, arrival), stage.Thresholds()),
        ];
    }

    private static async Task<IResponse> VisitAsync(Stage stage, Calls calls, IScenarioContext context, Arrival arrival)
    {
        long number = stage.Discharges.NextNumber();
        SettleRequest request = stage.Discharges.Of(number);
        Draw draw = Draw.Of(stage.Options.Seed, number);
        // The first quote counts from the scheduled start; what follows is sent when the answer before it is there, as a clerk would.
        Func<double> latency = () => arrival.LatencyMs;
        for (int quotes = 2 + draw.For(HowMany).Below(6); quotes > 0; quotes--)
        {
            await Step.Run("quote", context, () => calls.QuoteAsync(request, latency));
            latency = Measured;
        }

        if (draw.For(Settles).Below(10) < 4)
        {
            SettlementResult? result = null;
            await Step.Run("settle", context, () => calls.SettleAsync(request, Measured, got => result = got));
            if (draw.For(Reverses).Below(20) == 0) await Step.Run("reverse", context, () => calls.ReverseAsync(request, result!, Measured));
        }

        return Response.Ok<object>(customLatencyMs: arrival.LatencyMs);
    }

    // None of its own: NBomber's measurement counts.
    private static double Measured() => 0;
}
