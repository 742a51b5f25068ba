using System.Collections.Concurrent;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>What a campaign came to.</summary>
internal sealed record CampaignResult(
    long Episodes, long Settlements, long Entries, long Acknowledged, long Events, long Starts, long Time,
    IReadOnlyDictionary<FaultKind, long> Faults,
    EpisodeResult? Failure);

/// <summary>
/// Many episodes, each with a seed of its own, on as many threads as there are processors. An episode runs on one thread and shares
/// nothing; its seed and so its run are the same in whatever order they come.
/// </summary>
internal sealed class Campaign(ulong seed, long settlements, Pack pack, EpisodeParts? parts = null)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<FaultKind, long> faults = [];
    private long episodes;
    private long settled;
    private long entries;
    private long acknowledged;
    private long events;
    private long starts;
    private long time;
    private ulong next;
    private EpisodeResult? failure;

    /// <summary>The seed of an episode of a campaign.</summary>
    public static ulong EpisodeSeed(ulong campaign, ulong number) => Chance.Of(campaign, $"episode {number}").Next() >> 16;

    /// <summary>Runs until so many settlements are committed or an invariant breaks.</summary>
    public CampaignResult Run(int threads)
    {
        ConcurrentQueue<Exception> failed = [];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            try
            {
                while (Take() is { } plan) Add(Episode.Run(plan, pack, parts));
            }
            catch (Exception problem)
            {
                failed.Enqueue(problem);
                lock (gate) settled = long.MaxValue / 2;
            }
        }))];
        foreach (Thread worker in workers) worker.Start();
        foreach (Thread worker in workers) worker.Join();
        if (!failed.IsEmpty) throw new AggregateException(failed);
        return new CampaignResult(episodes, settled, entries, acknowledged, events, starts, time, faults, failure);
    }

    private EpisodePlan? Take()
    {
        lock (gate) return settled < settlements && failure is null ? EpisodePlan.Drawn(EpisodeSeed(seed, next++)) : null;
    }

    private void Add(EpisodeResult result)
    {
        lock (gate)
        {
            episodes++;
            settled += result.Settlements;
            entries += result.Entries;
            acknowledged += result.Acknowledged;
            events += result.Events;
            starts += result.Starts;
            time += result.Time;
            foreach (Strike strike in result.Struck) faults[strike.Kind] = faults.GetValueOrDefault(strike.Kind) + 1;
            if (result.Violation is not null) failure ??= result;
        }
    }
}
