using System.Diagnostics;
using Settlement.Fill;
using Settlement.Fill.Running;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.StateBench;
using Settlement.StateBench.Parts;

namespace Settlement.Scale.Tests;

/// <summary>The measuring tool measured: it counts right, draws right and does not overlook a lost settlement.</summary>
public sealed class StateBenchTests
{
    private static readonly string Policies = Path.Combine(AppContext.BaseDirectory, "policies");

    [Fact]
    public async Task A_filled_person_wakes_and_settles_and_the_check_counts_exactly_what_was_answered()
    {
        FillPlan plan = new(persons: 20, entries: 200, years: 3, seed: 1);
        LedgerOptions ledger =
            new() { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-state-").FullName, "ledger.db"),
            Writer = FillOptions.BulkWriter(0) };
        await FillRun.RunAsync(
            new FillOptions { Plan = plan, Ledger = ledger }, PolicyCatalogue.Load(Policies), TextWriter.Null, interactive: false,
                TimeProvider.System, CancellationToken.None);
        await using SiloUnderTest silo = await SiloUnderTest.StartAsync(ledger, Policies);
        LedgerCheck check = await LedgerCheck.BeginAsync(ledger, silo.Ledger);
        Stays stays = new("run", seed: 1);
        Latencies woken = await Measuring.EachAsync(4, Pick.Persons(plan, stream: 1, 20), silo.WakeAsync);
        await Measuring.EachAsync(4, Pick.Persons(plan, stream: 2, 20), person => silo.SettleAsync(stays.Next(person)));
        Assert.True(woken.AtPerMille(500) <= woken.AtPerMille(1000));
        Assert.Equal(20, stays.Count);
        await check.EndAsync(stays.Count);
        InvalidOperationException lost = await Assert.ThrowsAsync<InvalidOperationException>(() => check.EndAsync(1));
        Assert.Equal("1 settlements were answered, the ledger has 0 new ones.", lost.Message);
    }

    [Fact]
    public void Quantiles_are_the_smallest_time_that_so_many_calls_stayed_within()
    {
        Latencies latencies = new([.. Enumerable.Range(1, 100).Reverse().Select(millisecond => millisecond * Stopwatch.Frequency / 1000)]);
        Assert.Equal(
            [50, 99, 100, 100],
            new[] { 500, 990, 999, 1000 }.Select(rank => (int)Math.Round(latencies.AtPerMille(rank).TotalMilliseconds)));
    }

    [Fact]
    public void Drawn_persons_are_different_and_the_same_for_the_same_seed()
    {
        FillPlan plan = new(1_000, 3_000, 3, seed: 5);
        int[] drawn = Pick.Persons(plan, stream: 7, 400);
        Assert.Equal(400, drawn.Distinct().Count());
        Assert.All(drawn, person => Assert.InRange(person, 0, 999));
        Assert.Equal(drawn, Pick.Persons(plan, stream: 7, 400));
        Assert.NotEqual(drawn, Pick.Persons(plan, stream: 8, 400));
        Assert.NotEqual(drawn.Order(), drawn);
    }

    [Theory]
    [InlineData("--idle asks for 100000 persons", "--persons", "5000", "--entries", "15000", "--active", "10", "--wakes", "10")]
    [InlineData("--parts holds 'speed'", "--parts", "speed")]
    [InlineData("--connection belongs to --ledger postgres", "--ledger", "sqlite", "--connection", "Host=x")]
    [InlineData("--connection belongs to --ledger postgres", "--data", "x")]
    [InlineData("--rounds is '0'", "--rounds", "0")]
    [InlineData("'--round' is not an option", "--round", "1")]
    public void A_wrong_argument_is_named(string message, params string[] arguments) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => StateOptions.Parse(arguments)).Message);
}
