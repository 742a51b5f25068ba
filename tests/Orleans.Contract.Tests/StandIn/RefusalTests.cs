using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace Settlement.Contract.StandIn;

public interface ITakesListGrain : IGrainWithStringKey
{
    Task Take(List<int> amounts);
}

public sealed class TakesListGrain : Grain, ITakesListGrain
{
    public Task Take(List<int> amounts) => Task.CompletedTask;
}

public interface IGivesArrayGrain : IGrainWithStringKey
{
    Task<byte[]> Give();
}

public sealed class GivesArrayGrain : Grain, IGivesArrayGrain
{
    public Task<byte[]> Give() => Task.FromResult(Array.Empty<byte>());
}

public interface ITakesMarkedListGrain : IGrainWithStringKey
{
    Task<int> Take([Immutable] List<int> amounts);
}

public sealed class TakesMarkedListGrain : Grain, ITakesMarkedListGrain
{
    public Task<int> Take(List<int> amounts) => Task.FromResult(amounts.Count);
}

public interface INoTaskGrain : IGrainWithStringKey
{
    void Forget();
}

public sealed class NoTaskGrain : Grain, INoTaskGrain
{
    public void Forget()
    {
    }
}

/// <summary>What the stand-in refuses rather than do otherwise than the real packages.</summary>
public sealed class RefusalTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public void A_parameter_that_can_be_changed_is_refused_by_name()
    {
        var failure = Assert.Throws<NotSupportedException>(() => cluster.Client.GetGrain<ITakesListGrain>("key"));
        Assert.StartsWith($"Grain method {typeof(ITakesListGrain).FullName}.Take: parameter 'amounts' of type ", failure.Message);
        Assert.Contains("Immutable<T>", failure.Message);
    }

    [Fact]
    public void A_result_that_can_be_changed_is_refused()
    {
        var failure = Assert.Throws<NotSupportedException>(() => cluster.Client.GetGrain<IGivesArrayGrain>("key"));
        Assert.StartsWith($"Grain method {typeof(IGivesArrayGrain).FullName}.Give: the result of type System.Byte[]", failure.Message);
    }

    [Fact]
    public async Task A_parameter_marked_immutable_passes() =>
        Assert.Equal(2, await cluster.Client.GetGrain<ITakesMarkedListGrain>("key").Take([1, 2]));

    [Fact]
    public void A_method_without_a_task_is_refused() =>
        Assert.Throws<NotSupportedException>(() => cluster.Client.GetGrain<INoTaskGrain>("key"));

    [Fact]
    public void Clustering_is_refused_when_it_is_configured()
    {
        var failure = Assert.Throws<NotSupportedException>(() => Host.CreateApplicationBuilder().UseOrleans(
            silo => silo.UseAdoNetClustering(options => options.Invariant = "Npgsql")));
        Assert.Contains("Stack=packages", failure.Message);
        Assert.Throws<NotSupportedException>(() => new InProcessTestClusterBuilder(2));
        Assert.Throws<NotSupportedException>(() => new TestClusterBuilder());
        Assert.Throws<NotSupportedException>(() => Host.CreateApplicationBuilder()
            .UseOrleans(silo => silo.ConfigureEndpoints("localhost", 11111, 30000)));
    }

    [Fact]
    public void A_client_outside_the_silo_is_refused()
    {
        var failure = Assert.Throws<NotSupportedException>(() => ((IHostApplicationBuilder)Host.CreateApplicationBuilder())
            .UseOrleansClient(_ => { }));
        Assert.Contains("Stack=packages", failure.Message);
    }

    [Fact]
    public async Task A_silo_without_a_choice_of_clustering_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(_ => { });
        using var host = builder.Build();
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task A_collection_age_below_its_quantum_does_not_start() =>
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => Cluster.StartAsync(silo => silo.Configure<GrainCollectionOptions>(
            options => options.CollectionAge = options.CollectionQuantum)));

    [Fact]
    public async Task Calls_to_a_stopped_silo_fail_as_unavailable()
    {
        await using var own = await Cluster.StartAsync();
        var grain = own.Client.GetGrain<ICounterGrain>("key");
        await grain.Read();
        await own.StopAsync();
        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Read);
    }
}
