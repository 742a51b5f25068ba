using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Feeding;

/// <summary>Reads the ledger by position for those who follow it. Holds nothing; the key only spreads the work.</summary>
[Reentrant]
public sealed class FeedGrain(ILedgerStore store) : Grain, IFeedGrain
{
    /// <summary>Entries read at once: what a follower has in memory here is bounded by it.</summary>
    internal const int PageEntries = 256;

    private readonly LedgerChanges changes = new(store);

    /// <inheritdoc/>
    public async Task<Reply<FeedPage>> ReadPage(FeedFilter filter, long after)
    {
        try
        {
            IReadOnlyList<LedgerEntry> entries = await store.ReadFromPositionAsync(after, PageEntries);
            List<Change> found = [];
            foreach (LedgerEntry entry in entries)
            {
                if (await changes.OfAsync(entry, filter) is { } change) found.Add(change);
            }

            return entries.Count == 0
                ? new FeedPage([], after, null, More: false)
                : new FeedPage([.. found], entries[^1].Position, entries[^1].RecordedAt, More: entries.Count == PageEntries);
        }
        catch (LedgerDetachedException detached)
        {
            return Refuse.FeedDetached(detached);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }
}
