namespace Settlement.Contract;

/// <summary>One turn at a time, and which calls may overlap between turns.</summary>
public sealed class TurnTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Calls_never_overlap_unless_declared()
    {
        var grain = cluster.Client.GetGrain<ICounterGrain>(Cluster.NewKey());
        var callers = Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await grain.IncrementSlowly();
        }));
        await Task.WhenAll(callers);
        Assert.Equal(50 * 40, await grain.Read());
    }

    [Fact]
    public async Task Calls_of_a_reentrant_class_overlap_at_awaits_and_never_run_in_parallel()
    {
        // Each call works only once all have entered: possible only if they overlap.
        const int Callers = 200;
        var grain = cluster.Client.GetGrain<IReentrantGrain>(Cluster.NewKey());
        var ranInParallel = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => grain.WorkTogether(Callers))));
        Assert.DoesNotContain(true, ranInParallel);
    }

    [Fact]
    public async Task A_method_that_always_interleaves_runs_while_another_call_waits()
    {
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<ICounterGrain>(key);
        var waiting = grain.WaitAtGate();
        await cluster.Observer.Until($"waiting {key}");
        Assert.Equal(0, await grain.ReadAtOnce());
        Assert.False(waiting.IsCompleted);
        await grain.Open();
        await waiting;
        Assert.Equal(1, await grain.Read());
    }

    [Fact]
    public async Task An_ordinary_call_waits_for_the_one_before_it()
    {
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<ICounterGrain>(key);
        var first = grain.WaitAtGate();
        await cluster.Observer.Until($"waiting {key}");
        var second = grain.Read();
        await grain.ReadAtOnce();
        Assert.False(second.IsCompleted);
        await grain.Open();
        await first;
        Assert.Equal(1, await second);
    }

    [Fact]
    public async Task Read_only_calls_overlap_each_other_but_no_write()
    {
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<IReadOnlyGrain>(key);
        var first = grain.ReadTogether(2);
        await cluster.Observer.Until($"read {key}");
        var write = grain.Write();
        var second = grain.ReadTogether(2);
        Assert.Equal(2, await first);
        Assert.Equal(2, await second);
        await write;
        Assert.Equal([$"read {key}", $"read {key}", $"write {key}"], cluster.Observer.Log.Where(entry => entry.EndsWith(key)));
    }

    [Fact]
    public async Task Code_after_an_await_runs_on_the_scheduler_of_the_activation() =>
        Assert.True(await cluster.Client.GetGrain<ISchedulerGrain>(Cluster.NewKey()).StaysOnItsScheduler());

    [Fact]
    public async Task Tasks_started_on_the_current_scheduler_are_turns_of_the_activation() =>
        Assert.True(await cluster.Client.GetGrain<ISchedulerGrain>(Cluster.NewKey()).StartsTasksOnItsScheduler());

    [Fact]
    public async Task Different_grains_work_at_the_same_time()
    {
        // Each of the two waits until the other has begun: possible only if neither waits for the other's end.
        var keys = new[] { Cluster.NewKey(), Cluster.NewKey() };
        var grains = keys.Select(key => cluster.Client.GetGrain<ICounterGrain>(key)).ToList();
        var waiting = grains.Select(grain => grain.WaitAtGate()).ToList();
        await Task.WhenAll(keys.Select(key => cluster.Observer.Until($"waiting {key}")));
        await Task.WhenAll(grains.Select(grain => grain.Open()));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task A_busy_grain_lets_others_run()
    {
        var busy = cluster.Client.GetGrain<IReentrantGrain>(Cluster.NewKey());
        var other = cluster.Client.GetGrain<ICounterGrain>(Cluster.NewKey());
        var load = Enumerable.Range(0, 2000).Select(_ => busy.WorkTogether(1)).ToList();
        Assert.Equal(1, await other.IncrementSlowly());
        await Task.WhenAll(load);
    }
}
