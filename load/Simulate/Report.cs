using System.Globalization;

namespace Settlement.Simulate;

/// <summary>What is told of a campaign.</summary>
internal static class Report
{
    /// <summary>The counts, for people.</summary>
    public static string Of(ulong seed, CampaignResult result)
    {
        TimeSpan time = TimeSpan.FromTicks(result.Time);
        string faults = string.Join(
            ", ", result.Faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Key} {fault.Value:N0}")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            seed {seed}: {result.Episodes:N0} episodes, {result.Settlements:N0} settlements, {result.Entries:N0} entries, {result.Acknowledged:N0} answered changes
            {result.Events:N0} events in {(long)time.TotalHours} h {time.Minutes} min of simulated time, {result.Starts:N0} starts of a silo
            faults: {(faults.Length == 0 ? "none" : faults)}
            violations: {(result.Failure is null ? 0 : 1)}
            """);
    }

    /// <summary>A broken invariant and how to see it again.</summary>
    public static string Of(EpisodeResult failure) => string.Create(CultureInfo.InvariantCulture, $"""
        {failure.Violation}
          after {failure.Entries:N0} entries, {failure.Events:N0} events and {failure.Time / Ticks.Millisecond:N0} ms of simulated time, {failure.Struck.Count} faults
          again: ./settlement simulate {failure.Plan}
        """);
}
