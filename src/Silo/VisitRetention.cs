using Settlement.Ledger;
using Settlement.Ledger.Facilities;

namespace Settlement.Silo;

/// <summary>How long reports of visits, and files, are kept: configuration section <c>Visits</c>.</summary>
public sealed class VisitOptions
{
    /// <summary>How long they are kept after the last message of the visit; 0: without end.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidOperationException">The time is negative, or shorter than a stay.</exception>
    public void Validate()
    {
        if (Retention != TimeSpan.Zero && Retention < TimeSpan.FromDays(90))
            throw new InvalidOperationException(
                $"Visits:Retention is '{Retention}': expected 0 (without end) or at least 90 days, as 400.00:00:00.");
    }
}

/// <summary>Drops reports of visits that are past their time, as long as the silo runs.</summary>
internal sealed class VisitRetention(VisitOptions options, IFacilityJournal journal, TimeProvider time, ILogger<VisitRetention> log)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Retention == TimeSpan.Zero) return;
        JournalRetention retention = new(journal, options.Retention, time);
        TimeSpan rest = JournalRetention.Rest;
        while (true)
        {
            await Task.Delay(rest, time, stoppingToken);
            try
            {
                (int dropped, rest) = await retention.NextAsync(stoppingToken);
                if (dropped > 0) log.ReportsDropped(dropped, options.Retention.Days);
            }
            catch (LedgerException problem)
            {
                log.ReportsNotDropped(problem.Message);
                rest = JournalRetention.Rest;
            }
        }
    }
}
