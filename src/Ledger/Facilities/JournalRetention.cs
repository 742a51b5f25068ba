namespace Settlement.Ledger.Facilities;

/// <summary>
/// Drops what is kept of a visit, or a file, when nothing has come for it for a time. Looks at some subjects, rests, and looks at the next,
/// so that it costs the database the same little at any hour; when it has seen all it begins again a day later. Several silos may do it at
/// once.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="retention">How long a subject is kept after its newest record.</param>
/// <param name="time">The clock.</param>
public sealed class JournalRetention(IFacilityJournal journal, TimeSpan retention, TimeProvider time)
{
    /// <summary>How many subjects are looked at together.</summary>
    public const int Page = 500;

    /// <summary>Rest between two pages.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <summary>Rest after the last page.</summary>
    public static readonly TimeSpan Round = TimeSpan.FromDays(1);

    private FacilitySubject? last;

    /// <summary>Looks at the next page and drops what is old.</summary>
    /// <returns>How many records were dropped, and how long to rest before the next page.</returns>
    /// <exception cref="LedgerUnavailableException">The database does not answer; the same page is next.</exception>
    public async Task<(int Dropped, TimeSpan Until)> NextAsync(CancellationToken cancellation = default)
    {
        JournalSweep sweep = await journal.DropAsync(time.GetUtcNow() - retention, last, Page, cancellation).ConfigureAwait(false);
        last = sweep.Last;
        return (sweep.Dropped, last is null ? Round : Rest);
    }
}
