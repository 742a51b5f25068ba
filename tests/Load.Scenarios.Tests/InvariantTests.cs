using Settlement.Contract;
using Settlement.Scenarios;
using Settlement.Scenarios.Checking;
using Settlement.Scenarios.Serving;
using Settlement.Scenarios.World;

namespace Settlement.Load.Scenarios.Tests;

/// <summary>The checks after a run find what is wrong.</summary>
public sealed class InvariantTests
{
    private const int Seed = 5;

    static InvariantTests()
    {
        foreach ((string name, string place) in LoadProcess.Surroundings) Environment.SetEnvironmentVariable(name, place);
    }

    [Fact]
    public async Task A_settlement_acknowledged_and_not_in_the_ledger_is_found_by_both_checks()
    {
        Population population = new("I", Seed, 1);
        SettleRequest request = new Discharges("I", Seed, population).Of(1, person: 0);
        SettleRequest lost = new Discharges("I", Seed, population).Of(2, person: 0);
        Acknowledged honest = new(Seed);
        Acknowledged lossy = new(Seed);
        await using Server server = await Server.OpenAsync(LoadOptions.Parse(["steady"]));
        await server.Enrolment.RegisterAsync(population.Register(0));
        SettleResponse answer = await server.Settlement.SettleAsync(request);
        honest.Settled(request, answer.Result);
        lossy.Settled(request, answer.Result);
        lossy.Settled(lost, answer.Result);
        lossy.Reversed();

        Assert.Empty(await Invariants.AskAsync(server, honest));
        Assert.Contains($"request {lost.RequestId} was acknowledged", Assert.Single(await Invariants.AskAsync(server, lossy)));
        await server.StopAsync();
        Assert.Empty(await Invariants.AuditAsync(server.Ledger!, honest));
        Assert.Equal(
            ["2 settlements were acknowledged, the ledger holds 1", "1 reversals were acknowledged, the ledger holds 0"],
            await Invariants.AuditAsync(server.Ledger!, lossy));
    }

    [Fact]
    public void The_sample_is_bounded_and_takes_from_the_whole_run()
    {
        Acknowledged acknowledged = new(Seed);
        Discharges discharges = new("I", Seed, new Population("I", Seed, 10));
        for (int number = 0; number < 5_000; number++)
            acknowledged.Settled(discharges.Of(number), new SettlementResult { SettlementId = $"{number}" });
        int[] taken = [.. acknowledged.Sample.Select(one => int.Parse(one.SettlementId))];
        Assert.Equal(500, taken.Length);
        Assert.InRange(taken.Average(), 2_250, 2_750);
    }
}
