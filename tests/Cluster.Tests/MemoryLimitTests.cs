using System.Collections.Concurrent;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Silo;

namespace Settlement.Cluster.Tests;

/// <summary>
/// A process short of memory drops persons who are idle, and nobody outside can tell. Alone, because the gauge counts the whole process.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class MemoryLimitTests
{
    private const int Persons = 300;
    private const int Rounds = 4;

    [Fact]
    public async Task Persons_are_dropped_under_a_small_limit_and_every_answer_and_account_stays_right()
    {
        // No .NET process keeps within one MiB: whoever is idle at a look is dropped.
        await using TestSilo silo = await TestSilo.StartAsync(
            [.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true", "Cluster:MemoryLimitMiB=1",
                "Cluster:MemoryPollingPeriod=00:00:00.010"]);
        using ActivationGauge gauge = new();
        await ForEachAsync(async person => await silo.Enrolment.RegisterAsync(Requests.Register($"P{person}")));
        ConcurrentBag<SettleResponse> answers = [];
        for (int round = 0; round < Rounds; round++)
        {
            // Full collections come amid the calls: idle persons go while others are at work.
            Task collecting = Task.Run(() => GC.Collect());
            int number = round;
            await ForEachAsync(async person => answers.Add(await silo.Settlement.SettleAsync(
                Requests.Settle($"P{person}", $"r{number}-{person}", Requests.Inpatient(1_000_000 + person, $"H2101{person % 7:D5}")))));
            await collecting;
            await DroppedAsync(gauge);
        }

        Assert.Equal(Persons * Rounds, answers.Count);
        foreach (IGrouping<string, SettleResponse> person in answers.GroupBy(answer => answer.Result.Person))
        {
            Assert.Equal(Enumerable.Range(2, Rounds).Select(n => (long)n), person.Select(answer => answer.Result.Sequence).Order());
            Policy.Account account = await SerialReplay.CheckAsync(silo.Ledger, silo.Policies, person.Key);
            Assert.Equal(account.Counter(Policy.CounterId.PooledPaid, 2026), person.Sum(answer => answer.Result.Pooled));
        }
    }

    [Theory]
    [InlineData(0, 80, 75)]
    [InlineData(512, 50, 46.875)]
    [InlineData(1024, 100, 93.75)]
    public void The_limit_becomes_per_cent_of_what_the_process_may_use(int limit, double percentage, double target) =>
        Assert.Equal((percentage, target), MemoryLimit.Percentages(limit, 1L << 30));

    [Fact]
    public void A_limit_above_what_the_process_may_use_is_refused_by_name()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => MemoryLimit.Percentages(1025, 1L << 30));
        Assert.StartsWith("Cluster:MemoryLimitMiB is 1025", error.Message);
        Assert.Contains("1024 MiB", error.Message);
    }

    /// <summary>Until most are gone. The bound only guards against a hanging test.</summary>
    private static async Task DroppedAsync(ActivationGauge gauge)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (gauge.Read() > Persons / 10)
        {
            GC.Collect();
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    private static Task ForEachAsync(Func<int, Task> call) => Parallel.ForAsync(
        0, Persons, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (person, _) => await call(person));
}

/// <summary>Tests that must not run beside others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
