using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Bench.Subjects;
using Settlement.Ledger;

namespace Settlement.Bench.Checks;

/// <summary>Reads our whole ledger: every answered settlement is there, every chain is whole, every hash holds.</summary>
internal static class LedgerCheck
{
    /// <exception cref="InvalidOperationException">Something is missing, or too much, or altered.</exception>
    public static async Task<string> RunAsync(LedgerOptions options, Subject subject)
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
            if (!follows || !entry.HashIsValid()) throw new InvalidOperationException($"{subject.Name}: entry {entry.Sequence} breaks its person's chain.");
            if (entry.Kind == LedgerEntryKind.Settlement) settlements++;
            entries++;
            bytes += entry.Event.Length + entry.Answer.Length + entry.AccountAfter.Length;
            previous = entry;
        }

        Answered.Require(subject, "settlements in the ledger", subject.Settled, settlements);
        Answered.Require(subject, "entries in the ledger", subject.Settled + subject.Registered, entries);
        return $"{settlements:N0} settlements, every chain and hash, {bytes / entries:N0} bytes of content an entry";
    }
}

/// <summary>What was answered is stored, no less and no more.</summary>
internal static class Answered
{
    /// <exception cref="InvalidOperationException">The numbers differ.</exception>
    public static void Require(Subject subject, string what, long answered, long stored)
    {
        if (answered != stored) throw new InvalidOperationException($"{subject.Name}: {answered:N0} {what} were answered, {stored:N0} are stored.");
    }
}
