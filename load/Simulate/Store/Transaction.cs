using System.Runtime.InteropServices;
using Settlement.Ledger;

namespace Settlement.Simulate;

/// <summary>
/// The undecided entries of a batch as they were sent. The database has its own copy of what it was sent: it may still commit it when
/// the writer has long gone on to something else.
/// </summary>
internal sealed class Transaction
{
    private readonly int[] indexes;
    private readonly LedgerEntry[] entries;
    private readonly PersonLane[] lanes;
    private readonly List<int> units = [];
    private AppendOutcome[] outcomes = [];

    private Transaction(LedgerBatch batch)
    {
        int count = batch.UndecidedCount;
        (indexes, entries, lanes) = (new int[count], new LedgerEntry[count], new PersonLane[count]);
        int length;
        for (int first = 0, n = 0; first < batch.Count; first += length)
        {
            length = batch.UnitLength(first);
            if (batch.IsDecided(first)) continue;
            units.Add(length);
            for (int i = first; i < first + length; i++, n++) (indexes[n], entries[n], lanes[n]) = (i, batch[i], batch.LaneOf(i));
        }
    }

    /// <summary>How many entries it carries.</summary>
    public int Count => entries.Length;

    /// <summary>The entries, by person and sequence.</summary>
    public IReadOnlyList<LedgerEntry> Entries => entries;

    /// <summary>Sends a batch: from here on the order of its entries is fixed.</summary>
    public static Transaction Of(LedgerBatch batch)
    {
        batch.Sort();
        return new Transaction(batch);
    }

    /// <summary>
    /// Commits what can be committed, all at one moment. Once only: a database does not commit a transaction twice. True: every entry has
    /// an outcome now.
    /// </summary>
    public bool Commit(MemoryLedger ledger)
    {
        if (outcomes.Length > 0) throw new InvalidOperationException("The transaction is committed already.");
        outcomes = ledger.Commit(entries, lanes, CollectionsMarshal.AsSpan(units));
        return true;
    }

    /// <summary>Commits all the entries, or none when something stands against one.</summary>
    public bool CommitWhole(MemoryLedger ledger) => ledger.CommitWhole(entries, CollectionsMarshal.AsSpan(units));

    /// <summary>Gives the committed outcomes to the batch that was sent.</summary>
    public void Decide(LedgerBatch batch)
    {
        for (int i = 0; i < indexes.Length; i++)
        {
            // Deciding a failure decides the rest of its group, and abandons the lane's later entries, at once.
            if (!batch.IsDecided(indexes[i])) batch.Decide(indexes[i], outcomes[i].Status);
        }
    }

    /// <summary>Says of every entry that it is durable, which nothing here makes true.</summary>
    public void Pretend(LedgerBatch batch)
    {
        foreach (int index in indexes) batch.Decide(index, AppendStatus.Appended);
    }
}
