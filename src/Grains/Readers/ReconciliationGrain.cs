using Orleans;
using Orleans.Concurrency;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Reconciling;
using Settlement.Refusals;

namespace Settlement.Readers;

/// <summary>Reads the books of facilities from the ledger. Holds nothing; the key only spreads the work.</summary>
[Reentrant]
public sealed class ReconciliationGrain(ILedgerStore store) : Grain, IReconciliationGrain
{
    private const int PageEntries = 2_000;
    private readonly FacilityBook book = new(store);

    /// <inheritdoc/>
    public async Task<Reply<BookPage>> ReadPage(string? facility, DateOnly day, BookCursor? from)
    {
        try
        {
            (DateTimeOffset begin, DateTimeOffset end) = (Dates.StartOf(day), Dates.StartOf(day.AddDays(1)));
            if (from is null && await ReadDetachedAsync(begin) is { } detached) return Refuse.PeriodDetached(detached);
            RecordedSpan? span = from is null
                ? await store.FindRecordedAsync(begin, end)
                : new RecordedSpan(begin, end, from.First, from.Last);
            if (span is not { } found) return new BookPage([], null);
            // What the agency reversed may be the facility's too.
            string[] origins = facility is null ? [] : [facility, Origins.Agency];
            IReadOnlyList<LedgerEntry> entries = await store.ReadSettledAsync(found, origins, from?.After ?? 0, PageEntries);
            List<BookRow> rows = [];
            foreach (LedgerEntry entry in entries)
            {
                if (await book.RowOfAsync(entry) is { } row && (facility is null || row.Facility == facility)) rows.Add(row);
            }

            return new BookPage([.. rows], entries.Count < PageEntries
                ? null
                : new BookCursor(found.First, found.Last, entries[^1].Position));
        }
        catch (LedgerDetachedException detached)
        {
            return Refuse.PeriodDetached(detached.Period);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    /// <summary>
    /// The archived period that may hold entries recorded from a moment on, or null. A book that leaves entries out would be wrong.
    /// </summary>
    private async Task<string?> ReadDetachedAsync(DateTimeOffset from)
    {
        if (store.Periods is not { } kept) return null;
        IReadOnlyList<LedgerPeriod> periods = await kept.ListAsync();
        return periods.LastOrDefault(period => period.Detached is not null && period.ClosedAt > from)?.Label;
    }

    /// <inheritdoc/>
    public async Task<Reply<BookPage>> Find(string facility, string settlementId, string requestId)
    {
        try
        {
            LedgerKey key = default;
            if (settlementId.Length == 0) key = LedgerKey.ForRequest(facility, requestId);
            else if (!LedgerKey.TryParse(settlementId, out key)) return new BookPage([], null);
            if (await store.ReadByRequestAsync(key) is not { Kind: LedgerEntryKind.Settlement } settled
                || await book.RowOfAsync(settled) is not { } row || row.Facility != facility)
                return await store.ReadArchivedRequestAsync(key) is { } archived
                    ? Refuse.PeriodDetached(archived.Period)
                    : new BookPage([], null);
            LedgerEntry? reversal = await store.ReadReversalOfAsync(settled.PersonId, settled.Sequence);
            return new BookPage(reversal is null ? [row] : [row, (await book.RowOfAsync(reversal))!], null);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }
}
