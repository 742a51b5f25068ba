namespace Settlement.Silo;

/// <summary>The memory limit as Orleans takes it: in per cent of what the process may use.</summary>
internal static class MemoryLimit
{
    private const int DefaultPercentage = 80;

    // Below the limit by so much that the next persons to wake do not bring it back at once: Orleans' own distance.
    private const double TargetOfLimit = 75.0 / 80;

    /// <summary>Where dropping persons begins, and where it aims.</summary>
    /// <param name="limitMiB">The limit; 0 for the default.</param>
    /// <param name="available">What the process may use, in bytes.</param>
    /// <exception cref="InvalidOperationException">The limit is more than the process may use: it would never act.</exception>
    public static (double Limit, double Target) Percentages(int limitMiB, long available)
    {
        double limit = limitMiB == 0 ? DefaultPercentage : 100.0 * ((long)limitMiB << 20) / available;
        if (limit > 100)
            throw new InvalidOperationException(
                $"Cluster:MemoryLimitMiB is {limitMiB}: the process may use {available >> 20} MiB, so it would never act.");
        return (limit, limit * TargetOfLimit);
    }
}
