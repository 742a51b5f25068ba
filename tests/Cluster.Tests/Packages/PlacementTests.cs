using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Settlement.Cluster.Tests.Support;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Cluster.Tests.Packages;

/// <summary>Where Orleans puts persons.</summary>
public sealed class PlacementTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Persons = 60;
    private readonly List<TestSilo> silos = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (TestSilo silo in silos) await silo.DisposeAsync();
    }

    [Fact]
    public async Task Persons_live_on_one_silo_each_and_are_spread_over_all()
    {
        silos.AddRange(await SiloCluster.StartAsync(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), 3));
        IManagementGrain management = silos[0].Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        SiloAddress[] hosts = [.. (await management.GetHosts(onlyActive: true)).Keys];
        for (int person = 0; person < Persons; person++)
        {
            // Silos tell each other their load once a second: all that come in between go where the load was least at its beginning.
            if (person % 3 == 0) await management.ForceRuntimeStatisticsCollection(hosts);
            await silos[person % 3].Enrolment.RegisterAsync(Requests.Register($"P{person}"));
        }

        for (int person = 0; person < Persons; person++)
            await silos[(person + 1) % 3]
                .Settlement.SettleAsync(Requests.Settle($"P{person}", $"r{person}", Requests.Inpatient(4_000_000)));

        DetailedGrainStatistic[] all =
            [.. (await management.GetDetailedGrainStatistics()).Where(grain => grain.GrainId.Type.ToString() == "insuredperson")];
        int[] bySilo = [.. all.CountBy(grain => grain.SiloAddress).Select(pair => pair.Value)];
        output.WriteLine($"persons by silo: {string.Join(", ", bySilo)}");
        Assert.Equal(Persons, all.DistinctBy(grain => grain.GrainId).Count());
        Assert.Equal(Persons, all.Length);
        Assert.Equal(3, bySilo.Length);
        Assert.All(bySilo, count => Assert.InRange(count, Persons / 10, Persons * 6 / 10));
        await Audits.AssertSoundAsync(silos[0]);
    }
}
