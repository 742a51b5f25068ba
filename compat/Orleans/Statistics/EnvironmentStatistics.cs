namespace Orleans.Statistics;

/// <summary>Reads what the process uses.</summary>
public interface IEnvironmentStatisticsProvider
{
    /// <summary>The figures of now.</summary>
    EnvironmentStatistics GetEnvironmentStatistics();
}

/// <summary>What the process uses. Here: memory only.</summary>
public readonly struct EnvironmentStatistics
{
    /// <summary>
    /// The most memory the process may have, in bytes: that of the machine, or less when a container or the runtime's settings limit it.
    /// </summary>
    public readonly long MaximumAvailableMemoryBytes;

    /// <summary>Managed memory in use, in bytes, without the gaps between objects.</summary>
    public readonly long RawMemoryUsageBytes;

    internal EnvironmentStatistics(long rawMemoryUsageBytes, long maximumAvailableMemoryBytes)
    {
        RawMemoryUsageBytes = rawMemoryUsageBytes;
        MaximumAvailableMemoryBytes = maximumAvailableMemoryBytes;
    }

    /// <summary>Memory in use as a part of what may be used, 0 to 1.</summary>
    public float NormalizedMemoryUsage => MaximumAvailableMemoryBytes <= 0
        ? 0
        : (float)Math.Clamp((double)RawMemoryUsageBytes / MaximumAvailableMemoryBytes, 0, 1);
}

/// <summary>What the garbage collector saw at its last collection.</summary>
internal sealed class EnvironmentStatisticsProvider : IEnvironmentStatisticsProvider
{
    public EnvironmentStatistics GetEnvironmentStatistics()
    {
        var memory = GC.GetGCMemoryInfo();
        var used = Math.Clamp(memory.TotalCommittedBytes - memory.FragmentedBytes, 0, memory.TotalAvailableMemoryBytes);
        return new(used, memory.TotalAvailableMemoryBytes);
    }
}
