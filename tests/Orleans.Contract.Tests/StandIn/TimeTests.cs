using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace Settlement.Contract.StandIn;

/// <summary>The stand-in takes all time from the TimeProvider among the services.</summary>
public sealed class TimeTests
{
    [Fact]
    public async Task Idle_activations_are_collected_by_the_clock_of_the_services_not_before_their_age_and_not_long_after()
    {
        var time = new ManualTime();
        await using var cluster = await Cluster.StartAsync(silo => silo.Services.AddSingleton<TimeProvider>(time));
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<ILifeGrain>(key);
        await grain.Activation();
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(1, await grain.Activation());
        time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(1, await grain.Activation());
        time.Advance(TimeSpan.FromMinutes(18));
        await cluster.Observer.Until($"deactivating {key} {DeactivationReasonCode.ActivationIdle}");
    }

    [Fact]
    public async Task A_client_outside_gets_a_timeout_after_the_response_time()
    {
        var time = new ManualTime();
        await using var cluster = await Cluster.StartAsync(silo => silo.Services.AddSingleton<TimeProvider>(time));
        var name = Cluster.NewKey();
        var call = cluster.Client.GetGrain<ICallGrain>(name).WaitDeaf(name);
        await cluster.Observer.Until($"waits {name}");
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(4));
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Contains(nameof(ICallGrain.WaitDeaf), failure.Message);
        cluster.Observer.Report($"let go {name}");
        await cluster.Observer.Until($"done {name}");
    }
}
