using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Fill.Running;

/// <summary>One fill from beginning to end: opens the ledger, refuses one that is not empty, fills it, tells what it took.</summary>
internal static class FillRun
{
    /// <summary>Fills the ledger.</summary>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidOperationException">The ledger is not empty, or an entry was not appended.</exception>
    /// <exception cref="LedgerException">The ledger cannot be used.</exception>
    public static async Task<string> RunAsync(
        FillOptions options, PolicyCatalogue policies, TextWriter progress, bool interactive, TimeProvider time,
        CancellationToken cancellation)
    {
        LedgerOptions ledger = options.Ledger;
        FillPlan plan = options.Plan;
        if (ledger.Provider == LedgerProvider.Sqlite) Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(ledger.Path))!);
        await using ILedgerStore store = LedgerStore.Create(ledger, NullLoggerFactory.Instance);
        await store.InitialiseAsync(cancellation);
        IReadOnlyList<LedgerEntry> there = await store.ReadFromPositionAsync(0, 1, cancellation);
        if (there.Count > 0 && !options.Resume)
        {
            throw new InvalidOperationException(
                $"The ledger at {store.Description} is not empty. Fill another, or go on with an interrupted fill of the same numbers and seed by --resume.");
        }

        await LedgerFill.RegisterPacksAsync(store, policies);
        LedgerSize before = await LedgerSize.ReadAsync(ledger);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = time.GetTimestamp();
        await using (LedgerWriter writer = new(store, ledger.Writer, time, NullLogger<LedgerWriter>.Instance))
        {
            LedgerFill fill = new(plan, new Adjudicator(policies), writer, ledger.Writer.QueueCapacity);
            if (there.Count > 0 && !fill.Writes(there[0]))
                throw new InvalidOperationException(
                    $"The ledger at {store.Description} was not filled with these numbers, this seed and these packs: no entry was written.");
            await new FillProgress(progress, interactive, time, plan.Entries).ShowAsync(() => fill.Durable, fill.RunAsync(cancellation));
        }

        double seconds = time.GetElapsedTime(started).TotalSeconds;
        processor = Environment.CpuUsage.TotalTime - processor;
        LedgerSize after = await LedgerSize.ReadAsync(ledger);
        return string.Create(CultureInfo.InvariantCulture, $"""
            {store.Description}: {plan.Entries:N0} entries of {plan.Persons:N0} persons over {plan.Years} years, {plan.Settlements:N0} of them settlements; seed {plan.Seed}
            {seconds:N1} s, {plan.Entries / seconds:N0} entries/s, {processor.TotalMicroseconds / plan.Entries:N1} us of this process's processor time an entry
            {after.Report(plan.Entries, before, options.Resume ? 0 : plan.Entries)}
            """);
    }
}
