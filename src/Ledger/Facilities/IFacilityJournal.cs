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

/// <summary>
/// What facilities hand in beside settlements, in the ledger's database: reports of visits before they are settled, files. Records are
/// only ever added;
/// (facility, subject, sequence) fences two writers of one subject, (facility, message) catches repeats. All members are safe to call
/// from any thread.
/// </summary>
/// <exception cref="LedgerUnavailableException">Every member may fail so when the database cannot be reached.</exception>
public interface IFacilityJournal : IAsyncDisposable
{
    /// <summary>All records of a subject in order; empty when there is none.</summary>
    Task<IReadOnlyList<FacilityRecord>> ReadAsync(string facility, string subject, CancellationToken cancellation = default);

    /// <summary>Adds a record durably.</summary>
    /// <returns>False when its sequence or its message id is taken: nothing was written.</returns>
    Task<bool> AppendAsync(FacilityRecord record, CancellationToken cancellation = default);
}
