using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Settlement.Ledger.Tests;

/// <summary>
/// Several writers, each with its own idea of the same few persons, appending at once and pipelined. Whatever the interleaving: no gap, no
/// sequence twice, and the ledger holds exactly what was answered Appended.
/// </summary>
public abstract class RacingWriterTests(ITestOutputHelper output) : LedgerTest
{
    private const int Persons = 6;
    private const int Activations = 4;
    private const int Rounds = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)]
    public async Task Writers_racing_for_the_same_persons_leave_no_gap_and_lose_nothing(int fixedSeed)
    {
        int seed = fixedSeed == 0 ? Environment.TickCount : fixedSeed;
        output.WriteLine($"seed {seed}");
        ConcurrentBag<LedgerEntry> appended = [];
        ConcurrentDictionary<AppendStatus, int> counts = new();
        LedgerWriterOptions options = new() { Count = 2, MaxBatchEntries = 16, RetryDelay = TimeSpan.FromMilliseconds(1) };
        LedgerWriter[] writers = [OpenWriter(OpenStore(), options), OpenWriter(OpenStore(), options)];

        using CancellationTokenSource raced = new();
        Task disturbance = DisturbAsync(new Random(seed), raced.Token);
        await Task.WhenAll(Enumerable.Range(0, Activations * Persons).Select(number => Task.Run(() =>
            ActivationAsync(new Random(HashCode.Combine(seed, number)), number, writers[number % writers.Length], appended, counts))))
            .WaitAsync(TimeSpan.FromMinutes(3));
        await raced.CancelAsync();
        await disturbance.WaitAsync(Patience);

        List<LedgerEntry> all = await ScanSoundAsync();
        foreach ((AppendStatus status, int count) in counts.OrderBy(pair => pair.Key)) output.WriteLine($"{status}: {count}");
        Assert.Equal(appended.Select(e => e.Hash.ToString()).Order(), all.Select(e => e.Hash.ToString()).Order());
        Assert.Equal(all.Count, all.Select(e => e.RequestKey).Distinct().Count());
        Assert.Equal(all.Count(e => e.ChargeKey is not null), all.Where(e => e.ChargeKey is not null)
            .Select(e => (e.ChargeKey, e.ChargeGeneration)).Distinct().Count());
        Assert.True(counts.GetValueOrDefault(AppendStatus.Fenced) > 0, "Nobody was fenced: this race was none.");
        await CheckAsync(all);
    }

    /// <summary>What happens to the ledger beside the race.</summary>
    private protected virtual Task DisturbAsync(Random random, CancellationToken raced) => Task.CompletedTask;

    /// <summary>What else must hold of the ledger at the end.</summary>
    private protected virtual Task CheckAsync(List<LedgerEntry> all) => Task.CompletedTask;

    /// <summary>One activation: reads the newest entry, pipelines a few, and starts again when its lane breaks.</summary>
    private async Task ActivationAsync(
        Random random, int number, LedgerWriter writer, ConcurrentBag<LedgerEntry> appended, ConcurrentDictionary<AppendStatus, int> counts)
    {
        string name = $"P{number % Persons}";
        for (int round = 0; round < Rounds; round++)
        {
            PersonHistory person = new(name, await Store.ReadNewestAsync(name));
            PersonLane lane = writer.OpenLane(name);
            List<(LedgerEntry Entry, Task<AppendOutcome> Answer)> pipeline = [];
            int length = random.Next(1, 5);
            for (int i = 0; i < length; i++)
            {
                // Ids and charges from small ranges, so that duplicates of both kinds happen across persons as well.
                LedgerKey? charge = random.Next(4) == 0 ? LedgerKey.ForCharge("H", $"{random.Next(200)}", "") : null;
                string request = random.Next(8) == 0 ? $"shared-{random.Next(100)}" : $"{number}-{round}-{i}";
                LedgerEntry entry = person.Newest is { Sequence: > 1 } newest && random.Next(5) == 0
                    ? person.Reverse(random.Next(1, newest.Sequence + 1), request)
                    : person.Settle(request, charge, content: $"{number}");
                pipeline.Add((entry, Start(writer, lane, entry)));
            }

            bool broken = false;
            foreach ((LedgerEntry entry, Task<AppendOutcome> answer) in pipeline)
            {
                AppendStatus status = (await answer).Status;
                counts.AddOrUpdate(status, 1, static (_, count) => count + 1);
                if (status == AppendStatus.Appended)
                {
                    Assert.False(broken, "An entry was appended behind a failed one of its lane.");
                    appended.Add(entry);
                }
                if (broken) Assert.Equal(AppendStatus.Abandoned, status);
                broken |= status != AppendStatus.Appended;
            }
        }
    }
}
