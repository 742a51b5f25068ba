using Settlement.Ledger;

namespace Settlement.Cli.Auditing;

/// <summary>How far an audit is, and what it has counted.</summary>
internal sealed class AuditCounts
{
    /// <summary>Persons seen.</summary>
    public long Persons { get; set; }

    /// <summary>Entries read.</summary>
    public long Entries { get; set; }

    /// <summary>Settlements among them.</summary>
    public long Settlements { get; set; }

    /// <summary>Reversals among them.</summary>
    public long Reversals { get; set; }

    /// <summary>Persons whose first entries are in a detached period; theirs are checked from the entry that was carried forward.</summary>
    public long PersonsWithDetachedPart { get; set; }

    /// <summary>
    /// Entries not computed anew because they lean on entries of a detached period: chain, keys and amounts were checked.
    /// </summary>
    public long NotRecomputed { get; set; }

    /// <summary>Violations found.</summary>
    public long Violations { get; set; }
}

/// <summary>
/// Reads the whole ledger again and checks every promise: the chain of hashes, the sequence, the identity of the amounts, requests and
/// charges applied once, reversals by the rules, and every decision computed anew with the pack of its time. Of detached periods it checks
/// what was kept against their records, and a person's chain goes on from the entry that was carried forward.
/// </summary>
/// <remarks>
/// Beside one person's entries it keeps one key for each entry in memory, about 40 bytes: ten million entries take some 400 MB.
/// </remarks>
internal sealed class LedgerAudit(ILedgerStore store, IRecomputation recomputation)
{
    private readonly HashSet<LedgerKey> requests = [];
    private readonly HashSet<LedgerKey> settledCharges = [];

    /// <summary>Runs the audit.</summary>
    /// <param name="found">Called with each violation.</param>
    /// <param name="progress">Called after each entry.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public async Task<AuditCounts> RunAsync(Action<Violation> found, Action<AuditCounts> progress, CancellationToken cancellation)
    {
        AuditCounts counts = new();
        PersonAudit? person = null;
        await foreach (LedgerEntry entry in store.ScanAsync(cancellation))
        {
            if (person?.Id != entry.PersonId)
            {
                person?.End();
                DetachedPart? detached = entry.Sequence == 1 ? null : await store.ReadDetachedPartAsync(entry.PersonId, cancellation);
                person = new PersonAudit(entry.PersonId, detached?.Newest, requests, settledCharges, recomputation, Report);
                counts.Persons++;
                if (detached is not null) counts.PersonsWithDetachedPart++;
            }

            counts.Entries++;
            if (entry.Kind == LedgerEntryKind.Settlement) counts.Settlements++;
            if (entry.Kind == LedgerEntryKind.Reversal) counts.Reversals++;
            if (!await person.CheckAsync(entry, cancellation)) counts.NotRecomputed++;
            progress(counts);
        }

        person?.End();
        if (store.Periods is { } periods)
        {
            foreach (string fault in await periods.CheckDetachedAsync(cancellation))
                Report(new Violation(ViolationKind.DetachedPeriod, "-", 0, fault));
        }

        return counts;

        void Report(Violation violation)
        {
            counts.Violations++;
            found(violation);
        }
    }
}

/// <summary>Computes entries anew by the rules of their time.</summary>
internal interface IRecomputation
{
    /// <summary>Checks one entry against the rules.</summary>
    /// <param name="before">The person's entry before it, null for the first.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="reversed">For a reversal: the entry taken back and the one before that, else null.</param>
    /// <param name="earlier">The person's entries before it, by sequence and in order.</param>
    /// <param name="cancellation">Ends the wait for a pack.</param>
    /// <returns>What differs.</returns>
    ValueTask<IReadOnlyList<(ViolationKind Kind, string Detail)>> CheckAsync(
        LedgerEntry? before, LedgerEntry entry, ReversedEntry? reversed, IReadOnlyDictionary<int, LedgerEntry> earlier,
        CancellationToken cancellation);
}

/// <summary>The settlement that a reversal takes back.</summary>
/// <param name="Target">The settlement.</param>
/// <param name="BeforeTarget">The person's entry before it.</param>
/// <param name="ReversedBefore">Whether an earlier reversal took it back already.</param>
internal sealed record ReversedEntry(LedgerEntry Target, LedgerEntry BeforeTarget, bool ReversedBefore);
