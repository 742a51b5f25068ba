using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Statistics;

namespace Orleans.Runtime;

/// <summary>
/// Ends idle activations before their age while the process uses more memory than it should, those first that would have been collected
/// first. After a round it waits for a full garbage collection: until then the figures do not show what the round has freed.
/// </summary>
internal sealed class MemoryPressure(GrainCollectionOptions options, IEnvironmentStatisticsProvider statistics, ILogger log)
{
    private long _next;
    private int _collections;

    /// <summary>Looks at the use of memory when it is time to, and ends as many activations as would bring it down to the target.</summary>
    public void Relieve(long now, IEnumerable<ActivationDirectory> directories)
    {
        if (now < _next) return;
        _next = now + options.MemoryUsagePollingPeriod.Ticks;
        var collections = GC.CollectionCount(GC.MaxGeneration);
        if (collections <= _collections) return;

        var memory = statistics.GetEnvironmentStatistics();
        var usage = memory.NormalizedMemoryUsage;
        if (usage <= options.MemoryUsageLimitPercentage / 100) return;
        var all = directories.Sum(directory => directory.Count);
        var surplus = all - (int)Math.Floor(all * (options.MemoryUsageTargetPercentage / 100) / usage);
        if (surplus <= 0) return;

        _collections = collections;
        var shed = Shed(surplus, directories);
        log.ShedForMemory(memory.RawMemoryUsageBytes, memory.MaximumAvailableMemoryBytes, options.MemoryUsageLimitPercentage, shed, all);
    }

    private int Shed(int surplus, IEnumerable<ActivationDirectory> directories)
    {
        List<(long Due, Activation Activation)> idle = [];
        foreach (var directory in directories)
        {
            if (directory.Class.NeverCollected) continue;
            foreach (var activation in directory.Activations)
            {
                if (activation.DueTime() is { } due) idle.Add((due, activation));
            }
        }

        idle.Sort(static (left, right) => left.Due.CompareTo(right.Due));
        DeactivationReason reason = new(
            DeactivationReasonCode.HighMemoryPressure,
            $"The process uses more than {options.MemoryUsageLimitPercentage} % of the memory it may have.");
        var shed = 0;
        foreach (var (_, activation) in idle)
        {
            if (shed == surplus) break;
            if (activation.Shed(reason)) shed++;
        }

        return shed;
    }
}
