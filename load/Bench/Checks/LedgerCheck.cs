using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Ledger;

namespace Settlement.Bench.Checks;

/// <summary>Reads our whole ledger: every answered settlement is there, every chain is whole, every hash holds.</summary>
internal static class LedgerCheck
{
    /// <exception cref="InvalidOperationException">Something is missing, or too much, or altered.</exception>
    public static async Task<string> RunAsync(LedgerOptions options, Answered answered)
    {
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        long settlements = 0;
        long entries = 0;
        long bytes = 0;
        LedgerEntry? previous = null;
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            bool follows = previous?.PersonId == entry.PersonId
                ? entry.Sequence == previous.Sequence + 1 && entry.PreviousHash == previous.Hash
                : entry.Sequence == 1 && entry.PreviousHash.IsZero;
            if (!follows || !entry.HashIsValid())
                throw new InvalidOperationException($"{answered.Name}: entry {entry.Sequence} breaks its person's chain.");
            if (entry.Kind == LedgerEntryKind.Settlement) settlements++;
            entries++;
            bytes += entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length;
            previous = entry;
        }

        answered.Require("settlements", answered.Settled, settlements);
        answered.Require("entries", answered.Settled + answered.Registered, entries);
        return $"{settlements:N0} settlements, every chain and hash, {bytes / entries:N0} bytes of content an entry";
    }
}
