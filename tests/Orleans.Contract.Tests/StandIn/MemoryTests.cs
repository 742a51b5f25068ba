using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Statistics;

namespace Settlement.Contract.StandIn;

/// <summary>Which activations end, and how many, when memory is short; with made-up readings and a clock that the test moves.</summary>
public sealed class MemoryTests
{
    private const int Grains = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private readonly ManualTime _time = new();
    private readonly Readings _readings = new();

    [Fact]
    public async Task Nothing_ends_below_the_limit()
    {
        await using var cluster = await StartAsync();
        var keys = await ActivateAsync(cluster);
        var looked = _readings.Looked;
        _readings.Used = 79;
        Pass();
        Assert.True(_readings.Looked > looked, "it did not look");
        Assert.All(await NumbersAsync(cluster, keys), number => Assert.Equal(1, number));
    }

    [Fact]
    public async Task Above_the_limit_as_many_end_as_bring_use_down_to_the_target_the_longest_idle_first()
    {
        await using var cluster = await StartAsync();
        var keys = await ActivateAsync(cluster);

        // 90 used by 100 activations: 75 are for 83 of them.
        _readings.Used = 90;
        Pass();
        var numbers = await NumbersAsync(cluster, keys);
        Assert.All(numbers[..17], number => Assert.Equal(2, number));
        Assert.All(numbers[17..], number => Assert.Equal(1, number));
        Assert.Equal(keys[..17].Select(Shed).Order(), Ended(cluster).Order());
    }

    [Fact]
    public async Task A_round_waits_for_a_full_garbage_collection_after_the_one_before()
    {
        await using var cluster = await StartAsync();
        var keys = await ActivateAsync(cluster);
        _readings.Used = 100;
        Pass();
        foreach (var key in keys[..25]) await cluster.Observer.Until($"deactivated {key}");
        var looked = _readings.Looked;
        var collections = GC.CollectionCount(GC.MaxGeneration);
        _time.Advance(Poll);
        Assert.True(_readings.Looked == looked
            || GC.CollectionCount(GC.MaxGeneration) > collections, "it looked although nothing had been collected");

        Pass();
        foreach (var key in keys[25..44]) await cluster.Observer.Until($"deactivated {key}");
    }

    [Fact]
    public async Task An_activation_at_work_stays_and_one_that_asked_for_a_delay_ends_last()
    {
        await using var cluster = await StartAsync();
        var busy = Cluster.NewKey();
        var call = cluster.Client.GetGrain<ICallGrain>(busy).WaitDeaf(busy);
        await cluster.Observer.Until($"waits {busy}");
        var (kept, other) = (Cluster.NewKey(), Cluster.NewKey());
        await cluster.Client.GetGrain<ILifeGrain>(kept).DelayDeactivation(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        await cluster.Client.GetGrain<ILifeGrain>(other).Activation();
        _readings.Used = 100; // three activations, two of which fit
        Pass();
        await cluster.Observer.Until($"deactivated {other}");
        Assert.Equal(1, await cluster.Client.GetGrain<ILifeGrain>(kept).Activation());
        Assert.Equal([Shed(other)], Ended(cluster));
        cluster.Observer.Report($"let go {busy}");
        await call;
    }

    [Fact]
    public async Task Without_the_option_memory_is_not_looked_at()
    {
        await using var cluster = await StartAsync(enabled: false);
        await ActivateAsync(cluster);
        _readings.Used = 100;
        Pass();
        Assert.Equal(0, _readings.Looked);
    }

    [Theory]
    [InlineData(101, 75, nameof(GrainCollectionOptions.MemoryUsageLimitPercentage) + " is set to 101")]
    [InlineData(80, -1, nameof(GrainCollectionOptions.MemoryUsageTargetPercentage) + " is set to -1")]
    [InlineData(75.5, 75.5, nameof(GrainCollectionOptions.MemoryUsageTargetPercentage) + " is set to 75.5")]
    [InlineData(double.NaN, 75, nameof(GrainCollectionOptions.MemoryUsageLimitPercentage) + " is set to NaN")]
    public async Task Percentages_that_cannot_work_do_not_start(double limit, double target, string message)
    {
        var failure = await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.EnableActivationSheddingOnMemoryPressure = true;
            options.MemoryUsageLimitPercentage = limit;
            options.MemoryUsageTargetPercentage = target;
        })));
        Assert.StartsWith(message, failure.Message);
    }

    [Fact]
    public async Task A_polling_period_of_nothing_does_not_start() =>
        await Assert.ThrowsAsync<OrleansConfigurationException>(
            () => Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(options =>
        {
            options.EnableActivationSheddingOnMemoryPressure = true;
            options.MemoryUsagePollingPeriod = TimeSpan.Zero;
        })));

    /// <summary>A full collection, as a process under pressure has them, and the next look.</summary>
    private void Pass()
    {
        GC.Collect();
        _time.Advance(Poll);
    }

    private Task<Cluster> StartAsync(bool enabled = true) => Cluster.StartAsync(silo =>
    {
        silo.Services.AddSingleton<TimeProvider>(_time);
        silo.Services.AddSingleton<IEnvironmentStatisticsProvider>(_readings);
        silo.Configure<GrainCollectionOptions>(options => options.EnableActivationSheddingOnMemoryPressure = enabled);
    });

    /// <summary>Grains in the order of their last use, two seconds apart: the clock of use is coarse.</summary>
    private async Task<List<string>> ActivateAsync(Cluster cluster)
    {
        List<string> keys = [.. Enumerable.Range(0, Grains).Select(_ => Cluster.NewKey())];
        foreach (var key in keys)
        {
            await cluster.Client.GetGrain<ILifeGrain>(key).Activation();
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        return keys;
    }

    /// <summary>Which activation of each key answers. One that is ending does not: the call goes to its successor.</summary>
    private static async Task<int[]> NumbersAsync(Cluster cluster, List<string> keys) =>
        await Task.WhenAll(keys.Select(key => cluster.Client.GetGrain<ILifeGrain>(key).Activation()));

    private static string Shed(string key) => $"deactivating {key} {DeactivationReasonCode.HighMemoryPressure}";

    private static IEnumerable<string> Ended(Cluster cluster) =>
        cluster.Observer.Log.Where(entry => entry.StartsWith("deactivating", StringComparison.Ordinal));

    /// <summary>A process that may have 100 bytes.</summary>
    private sealed class Readings : IEnvironmentStatisticsProvider
    {
        private int _looked;

        public int Used { get; set; }

        public int Looked => Volatile.Read(ref _looked);

        public EnvironmentStatistics GetEnvironmentStatistics()
        {
            Interlocked.Increment(ref _looked);
            return new(Used, 100);
        }
    }
}
