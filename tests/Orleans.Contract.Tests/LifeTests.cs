using Orleans.Configuration;
using Orleans.Hosting;
using Orleans;

namespace Settlement.Contract;

/// <summary>How activations begin and end.</summary>
public sealed class LifeTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task A_grain_is_activated_once_and_before_its_first_call_when_a_thousand_first_calls_race()
    {
        var key = Cluster.NewKey();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => Grain(key).Activation())));
        Assert.All(numbers, number => Assert.Equal(1, number));
        Assert.Equal(1, cluster.Observer.Count($"activated {key}"));
    }

    [Fact]
    public async Task A_grain_that_asks_to_leave_is_deactivated_and_the_next_call_gets_a_new_activation()
    {
        var key = Cluster.NewKey();
        Assert.Equal(1, await Grain(key).Activation());
        await Grain(key).Leave();
        Assert.Equal(2, await Grain(key).Activation());
        Assert.Equal(
            [
                $"activating {key}", $"activated {key}", $"deactivating {key} {DeactivationReasonCode.ApplicationRequested}",
                    $"deactivated {key}",
                $"activating {key}", $"activated {key}",
            ],
            LogOf(key));
    }

    [Fact]
    public async Task Deactivation_waits_for_the_running_call_and_calls_that_arrive_meanwhile_go_to_the_new_activation()
    {
        var key = Cluster.NewKey();
        var old = Grain(key);
        await old.Activation();
        var leaving = old.LeaveButStayBusy();
        await cluster.Observer.Until($"leaving {key}");
        var late = Enumerable.Range(0, 20).Select(_ => old.Activation()).ToList();
        Assert.DoesNotContain(LogOf(key), entry => entry.StartsWith("deactivating"));
        cluster.Observer.Report($"let go {key}");
        await leaving;
        foreach (var number in await Task.WhenAll(late)) Assert.Equal(2, number);
        var log = LogOf(key).ToList();
        Assert.True(log.IndexOf($"left {key}") < log.IndexOf($"deactivating {key} {DeactivationReasonCode.ApplicationRequested}"));
    }

    [Fact]
    public async Task No_call_is_lost_when_a_grain_leaves_among_them_and_no_two_activations_live_at_once()
    {
        var key = Cluster.NewKey();
        const int Rounds = 50;
        for (var round = 0; round < Rounds; round++)
        {
            var calls = Enumerable.Range(0, 20)
                .Select(number => Task.Run(() => number == 7 ? Grain(key).Leave() : Grain(key).Activation()));
            await Task.WhenAll(calls);
        }

        Assert.True(await Grain(key).Activation() > 1, "the grain never left");
        var log = LogOf(key).Select(entry => entry.Split(' ')[0]).ToList();
        var expected = new[] { "activating", "activated", "deactivating", "deactivated" };
        for (var i = 0; i < log.Count; i++) Assert.Equal(expected[i % 4], log[i]);
    }

    [Fact]
    public async Task The_grain_context_deactivates_with_its_own_reason()
    {
        var key = Cluster.NewKey();
        await Grain(key).LeaveByContext();
        await cluster.Observer.Until($"deactivating {key} {DeactivationReasonCode.ApplicationError}");
        Assert.Equal(2, await Grain(key).Activation());
    }

    [Fact]
    public async Task A_failed_activation_fails_the_call_with_its_own_exception_and_the_next_call_tries_again()
    {
        var grain = cluster.Client.GetGrain<IUnwillingGrain>(Cluster.NewKey());
        var failure = await Assert.ThrowsAsync<InvalidDataException>(grain.Ping);
        Assert.Equal("The record is torn.", failure.Message);
        await grain.Ping();
    }

    [Fact]
    public async Task An_idle_activation_is_collected_and_one_that_asked_for_a_delay_stays()
    {
        await using var own = await Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.CollectionQuantum = TimeSpan.FromSeconds(1);
            options.CollectionAge = TimeSpan.FromSeconds(2);
        }));
        var (idle, kept) = (Cluster.NewKey(), Cluster.NewKey());
        await own.Client.GetGrain<ILifeGrain>(kept).DelayDeactivation(TimeSpan.FromHours(1));
        await own.Client.GetGrain<ILifeGrain>(idle).Activation();
        await own.Observer.Until($"deactivating {idle} {DeactivationReasonCode.ActivationIdle}");
        Assert.Equal(2, await own.Client.GetGrain<ILifeGrain>(idle).Activation());
        Assert.Equal(1, await own.Client.GetGrain<ILifeGrain>(kept).Activation());
    }

    [Fact]
    public async Task Idle_activations_are_ended_when_memory_is_short_and_the_next_call_gets_a_new_one()
    {
        // Any process uses more than this: what is seen is that it acts and how the grain is told, not the figures.
        await using var own = await Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.EnableActivationSheddingOnMemoryPressure = true;
            options.MemoryUsagePollingPeriod = TimeSpan.FromMilliseconds(50);
            options.MemoryUsageLimitPercentage = 0.0000002;
            options.MemoryUsageTargetPercentage = 0.0000001;
        }));
        var keys = Enumerable.Range(0, 100).Select(_ => Cluster.NewKey()).ToList();
        await Task.WhenAll(keys.Select(key => own.Client.GetGrain<ILifeGrain>(key).Activation()));
        GC.Collect();
        foreach (var key in keys) await own.Observer.Until($"deactivating {key} {DeactivationReasonCode.HighMemoryPressure}");
        foreach (var key in keys) Assert.True(await own.Client.GetGrain<ILifeGrain>(key).Activation() > 1);
    }

    [Fact]
    public async Task Stopping_the_host_deactivates_every_activation_and_later_calls_are_refused()
    {
        await using var own = await Cluster.StartAsync();
        var keys = Enumerable.Range(0, 100).Select(_ => Cluster.NewKey()).ToList();
        var client = own.Client;
        await Task.WhenAll(keys.Select(key => client.GetGrain<ILifeGrain>(key).Activation()));
        await own.StopAsync();
        Assert.All(keys, key =>
        {
            Assert.Equal(1, own.Observer.Count($"deactivating {key} {DeactivationReasonCode.ShuttingDown}"));
            Assert.Equal(1, own.Observer.Count($"deactivated {key}"));
        });
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetGrain<ILifeGrain>(keys[0]).Activation());
    }

    private ILifeGrain Grain(string key) => cluster.Client.GetGrain<ILifeGrain>(key);

    private IEnumerable<string> LogOf(string key) => cluster.Observer.Log.Where(entry => entry.Contains(key));
}
