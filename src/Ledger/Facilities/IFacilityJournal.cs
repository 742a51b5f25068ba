namespace Settlement.Ledger.Facilities;

/// <summary>One record of what a facility handed in.</summary>
/// <param name="Facility">The facility.</param>
/// <param name="Subject">What the record is about: a visit (<c>mdtrt_id</c>), a file.</param>
/// <param name="Sequence">Place among the records of the subject, from 1 without gaps.</param>
/// <param name="MessageId">The message that brought it (<c>msgid</c>): unique in the facility.</param>
/// <param name="Body">The record.</param>
/// <param name="RecordedAt">When it was recorded.</param>
public sealed record FacilityRecord(
    string Facility, string Subject, int Sequence, string MessageId, ReadOnlyMemory<byte> Body, DateTimeOffset RecordedAt);

/// <summary>A subject of a facility's records.</summary>
/// <param name="Facility">The facility.</param>
/// <param name="Subject">The subject.</param>
public readonly record struct FacilitySubject(string Facility, string Subject);

/// <summary>What came of dropping old records.</summary>
/// <param name="Dropped">How many were dropped.</param>
/// <param name="Last">The last subject looked at, behind which the next call goes on; null when none is left.</param>
public readonly record struct JournalSweep(int Dropped, FacilitySubject? Last);

/// <summary>
/// What facilities hand in beside settlements, in the ledger's database: reports of visits before they are settled, files. Records are
/// added, and dropped a whole subject at a time; (facility, subject, sequence) fences two writers of one subject, (facility, message)
/// catches repeats. All members are safe to call from any thread.
/// </summary>
/// <exception cref="LedgerUnavailableException">Every member may fail so when the database cannot be reached.</exception>
public interface IFacilityJournal : IAsyncDisposable
{
    /// <summary>All records of a subject in order; empty when there is none.</summary>
    Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default);

    /// <summary>Adds a record durably.</summary>
    /// <returns>
    /// False when its sequence or its message id is taken, or when it follows records that were dropped: nothing was written.
    /// </returns>
    Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default);

    /// <summary>Drops subjects whose newest record is older than a moment, each as a whole or not at all.</summary>
    /// <param name="before">The moment.</param>
    /// <param name="after">The subject behind which to look, in the order of the journal; null for the first.</param>
    /// <param name="limit">Most subjects to look at.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<JournalSweep> DropAsync(DateTimeOffset before, FacilitySubject? after, int limit, CancellationToken cancellation = default);
}
