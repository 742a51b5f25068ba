namespace Settlement.Contract;

/// <summary>Grain timers tick as calls do.</summary>
public sealed class TimerTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Ticks_are_turns_of_the_grain_and_wait_for_the_running_call()
    {
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<ITimerGrain>(key);
        await grain.Start(3);
        await cluster.Observer.Until($"ticked {key}");
        Assert.True(await grain.TicksWereAlone());
    }

    [Fact]
    public async Task A_failed_tick_does_not_end_the_timer()
    {
        var key = Cluster.NewKey();
        await cluster.Client.GetGrain<ITimerGrain>(key).StartFailing();
        await cluster.Observer.Until($"tick 2 {key}");
    }
}
