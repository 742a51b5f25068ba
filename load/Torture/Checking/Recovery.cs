using Settlement.Torture.Faults;
using Settlement.Torture.History;

namespace Settlement.Torture.Checking;

/// <summary>How a kind of fault went.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Longest">The longest one.</param>
/// <param name="Median">Half of them were recovered from in this time.</param>
/// <param name="Worst">All of them were. Where faults overlap, it holds the other one's time too.</param>
internal sealed record Recovery(FaultKind Kind, int Count, TimeSpan Longest, TimeSpan Median, TimeSpan Worst)
{
    /// <summary>
    /// From the end of each fault to the first acknowledged settlement behind it: of the silo concerned, or of any where all were. A fault
    /// after which nothing more was settled counts to the end of the history.
    /// </summary>
    public static IReadOnlyList<Recovery> Of(IReadOnlyCollection<Attempt> attempts, IEnumerable<Struck> faults)
    {
        Attempt[] settled = [.. attempts.Where(static one => one is { Kind: OperationKind.Settle, Outcome: Outcome.Acknowledged })
            .OrderBy(static one => one.Returned)];
        Dictionary<int, long[]> bySilo = settled.GroupBy(static one => one.Silo)
            .ToDictionary(static silo => silo.Key, static silo => silo.Select(static one => one.Returned).ToArray());
        long[] all = [.. settled.Select(static one => one.Returned)];
        long end = attempts.Count > 0 ? attempts.Max(static one => one.Returned) : 0;
        return
        [
            .. faults.GroupBy(static fault => fault.Kind).OrderBy(static kind => kind.Key).Select(kind =>
            {
                TimeSpan[] times = [
                    .. kind.Select(
                    fault => FirstBehind(fault.Silo is { } silo ? bySilo.GetValueOrDefault(silo, []) : all, fault.Ended, end)).Order()];
                return new Recovery(
                    kind.Key, times.Length, TimeSpan.FromMicroseconds(kind.Max(static fault => fault.Ended - fault.Began)),
                    times[times.Length / 2], times[^1]);
            }),
        ];
    }

    private static TimeSpan FirstBehind(long[] returned, long moment, long end)
    {
        int place = Array.BinarySearch(returned, moment);
        if (place < 0) place = ~place;
        return TimeSpan.FromMicroseconds((place < returned.Length ? returned[place] : end) - moment);
    }
}
