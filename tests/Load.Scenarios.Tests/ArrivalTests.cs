using Settlement.Scenarios.Arrivals;
using Settlement.Tests.Support;

namespace Settlement.Load.Scenarios.Tests;

/// <summary>When settlements arrive, and from when their latency counts.</summary>
public sealed class ArrivalTests
{
    private const int Seed = 11;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider time = new();

    [Fact]
    public void A_steady_plan_has_its_rate_in_each_second()
    {
        ArrivalPlan plan = ArrivalPlan.Steady(50, 4);
        Assert.Equal(200, plan.Count);
        Assert.Equal([0, 0, 1, 3], new long[] { 0, 49, 50, 199 }.Select(plan.SecondOf));
    }

    [Fact]
    public void A_morning_climbs_to_its_peak_and_halves()
    {
        ArrivalPlan plan = ArrivalPlan.Morning(100, 100);
        int[] rates = [.. Enumerable.Range(0, (int)plan.Count).CountBy(arrival => plan.SecondOf(arrival)).Select(second => second.Value)];
        Assert.Equal(100, rates.Length);
        Assert.Equal((10, 100, 50), (rates[0], rates.Max(), rates[^1]));
        Assert.Equal(rates[..60].Order(), rates[..60]);
    }

    [Fact]
    public async Task An_arrival_waits_for_its_moment_and_its_latency_counts_from_there()
    {
        ArrivalClock clock = new(ArrivalPlan.Steady(1, 1), Seed, time);
        Task<Arrival> waiting = clock.NextAsync();
        Assert.False(waiting.IsCompleted);
        time.Advance(2 * Second);
        Arrival arrival = await waiting;
        Assert.InRange(arrival.Start, Second, 2 * Second);
        Assert.Equal((2 * Second - arrival.Start).TotalMilliseconds, arrival.LatencyMs);
    }

    [Fact]
    public async Task A_generator_that_stalls_adds_its_stall_to_the_latency()
    {
        ArrivalClock clock = new(ArrivalPlan.Steady(1, 2), Seed, time);
        Task<Arrival> first = clock.NextAsync();
        time.Advance(2 * Second);
        await first;
        // The second arrival was due at the latest at 3 s, and 5 ms of drift: begun only at 12 s, it is more than 8.9 s late before it is
        // sent.
        time.Advance(10 * Second);
        Arrival late = await clock.NextAsync();
        Assert.True(late.LatencyMs > 8_990, $"{late.LatencyMs} ms");
    }

    [Fact]
    public async Task A_clock_that_drifts_slowly_is_followed()
    {
        const int Seconds = 100;
        ArrivalClock clock = new(ArrivalPlan.Steady(1, Seconds), Seed, time);
        TimeSpan drift = TimeSpan.FromMilliseconds(2);
        for (int second = 0; second < Seconds; second++)
        {
            Task<Arrival> next = clock.NextAsync();
            time.Advance(Second + drift);
            if (!next.IsCompleted) continue;
            Assert.InRange((await next).LatencyMs, 0, 1_100);
        }
    }
}
