namespace Settlement.Ledger.Visits;

/// <summary>One report of a visit, as it is kept.</summary>
/// <param name="Facility">The facility that reported.</param>
/// <param name="VisitId">Its visit (<c>mdtrt_id</c>).</param>
/// <param name="Sequence">Place among the reports of the visit, from 1 without gaps.</param>
/// <param name="MessageId">The message that brought it (<c>msgid</c>): unique in the facility.</param>
/// <param name="Body">The report.</param>
/// <param name="RecordedAt">When it was recorded.</param>
public sealed record VisitJournalRecord(
    string Facility, string VisitId, int Sequence, string MessageId, ReadOnlyMemory<byte> Body, DateTimeOffset RecordedAt);

/// <summary>
/// Reports of visits beside the ledger, in the same database: what hospitals say before they settle. Records are only ever added; (facility, visit, sequence)
/// fences two writers of one visit, (facility, message) catches repeats. All members are safe to call from any thread.
/// </summary>
/// <exception cref="LedgerUnavailableException">Every member may fail so when the database cannot be reached.</exception>
public interface IVisitJournal : IAsyncDisposable
{
    /// <summary>All reports of a visit in order; empty when there is none.</summary>
    Task<IReadOnlyList<VisitJournalRecord>> ReadAsync(string facility, string visitId, CancellationToken cancellation = default);

    /// <summary>Adds a report durably.</summary>
    /// <returns>False when its sequence or its message id is taken: nothing was written.</returns>
    Task<bool> AppendAsync(VisitJournalRecord record, CancellationToken cancellation = default);
}
