using Orleans;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Settlement.Contract;

/// <summary>What goes in, what comes back, and what happens when nothing does.</summary>
public sealed class CallTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Arguments_and_results_pass()
    {
        var result = await Grain()
            .Everything("text", 7, new byte[] { 1, 2, 3 }.AsImmutable(), new DateOnly(2026, 8, 1), null, new Paper("bill", 1_800_000));
        Assert.Equal("text 7 3 2026-08-01 True bill 1800000", result);
    }

    [Fact]
    public async Task Value_tasks_pass()
    {
        Assert.Equal(42, await Grain().ValueResult(41));
        await Grain().NoResult();
    }

    [Theory]
    [InlineData("before the task")]
    [InlineData("after an await")]
    [InlineData("from a value task")]
    public async Task Exceptions_reach_the_caller_with_type_and_message(string where)
    {
        var grain = Grain();
        var failure = await Assert.ThrowsAsync<TornPaperException>(() => where switch
        {
            "before the task" => grain.ThrowBeforeTask(where),
            "after an await" => grain.ThrowAfterAwait(where),
            _ => grain.ThrowFromValueTask(where).AsTask(),
        });
        Assert.Equal(where, failure.Message);
        Assert.Equal(2, await grain.ValueResult(1));
    }

    [Fact]
    public async Task A_grain_that_cancels_itself_cancels_the_call() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(Grain().CancelItself);

    [Fact]
    public void An_interface_that_no_class_implements_is_refused()
    {
        var failure = Assert.Throws<ArgumentException>(() => cluster.Client.GetGrain<INobodyGrain>("key"));
        Assert.Contains("Could not find an implementation for interface", failure.Message);
        Assert.Contains(nameof(INobodyGrain), failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_blank_key_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => cluster.Client.GetGrain<ICallGrain>(key));

    [Fact]
    public async Task Grains_call_grains()
    {
        var (first, second) = (Cluster.NewKey(), Cluster.NewKey());
        Assert.Equal($"{first} asked {second}", await cluster.Client.GetGrain<IPassiveGrain>(first).Ask(second));
    }

    [Fact]
    public void References_to_one_grain_are_equal_and_name_it()
    {
        var key = Cluster.NewKey();
        var (left, right) = (cluster.Client.GetGrain<ICallGrain>(key), cluster.Client.GetGrain<ICallGrain>(key));
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(key, left.GetPrimaryKeyString());
        Assert.Equal($"call/{key}", left.GetGrainId().ToString());
        Assert.NotEqual(left, cluster.Client.GetGrain<ICallGrain>(Cluster.NewKey()));
    }

    [Fact]
    public async Task A_cancelled_token_reaches_the_grain_and_frees_the_caller()
    {
        var name = Cluster.NewKey();
        using var source = new CancellationTokenSource();
        var call = Grain().WaitFor(name, source.Token);
        await cluster.Observer.Until($"waits {name}");
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cluster.Observer.Until($"heard {name}");
    }

    [Fact]
    public async Task A_call_with_a_token_cancelled_before_never_runs()
    {
        var key = Cluster.NewKey();
        var grain = cluster.Client.GetGrain<ICallGrain>(key);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await grain.NeverMind(new CancellationToken(canceled: true)));
        Assert.Equal(2, await grain.ValueResult(1));
        Assert.Equal(0, cluster.Observer.Count($"ran {key}"));
    }

    [Fact]
    public async Task A_call_without_an_answer_in_time_fails_for_the_caller_and_goes_on_in_the_grain()
    {
        await using var own = await Cluster.StartAsync(silo => silo.Configure<SiloMessagingOptions>(
            options => options.ResponseTimeout = TimeSpan.FromSeconds(2)));
        var name = Cluster.NewKey();
        var grain = own.Client.GetGrain<IAskingGrain>(name);
        await grain.AskDeaf(name);
        await own.Observer.Until($"timed out {name}");
        Assert.Equal(0, own.Observer.Count($"done {name}"));
        own.Observer.Report($"let go {name}");
        await own.Observer.Until($"done {name}");
    }

    private ICallGrain Grain() => cluster.Client.GetGrain<ICallGrain>(Cluster.NewKey());
}
