using Google.Protobuf;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Ledger.Facilities;
using Settlement.Persons;
using Settlement.Refusals;
using FacilityRecord = Settlement.Ledger.Facilities.FacilityRecord;

namespace Settlement.Visits;

/// <summary>One file of a facility. Nothing is held in memory: files are large, and asked for once or twice.</summary>
public sealed class FacilityFileGrain(IFacilityJournal journal, TimeProvider time) : Grain, IFacilityFileGrain
{
    /// <inheritdoc/>
    public async Task<Reply<FacilityFile>> Put(Immutable<FacilityFile> file)
    {
        FacilityFile wanted = file.Value;
        (string facility, string id) = FacilityKey.Parse(this.GetPrimaryKeyString());
        try
        {
            FacilityRecord record = new(facility, id, 1, wanted.MessageId, wanted.ToByteArray(), time.GetUtcNow());
            if (await journal.AppendAsync(record)) return wanted;
            // Taken: by the same file, sent again, or its message id by another matter of the facility.
            return await Find() is { } first && first.Equals(wanted) ? first : Refuse.RequestConflict(facility, wanted.MessageId);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    /// <inheritdoc/>
    public async Task<Reply<FacilityFile>> Read()
    {
        try
        {
            return await Find() is { } file ? file : Refuse.NoFile(FacilityKey.Parse(this.GetPrimaryKeyString()).Id);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
        finally
        {
            DeactivateOnIdle();
        }
    }

    private async Task<FacilityFile?> Find()
    {
        (string facility, string id) = FacilityKey.Parse(this.GetPrimaryKeyString());
        return await journal.ReadAsync(facility, id) is [{ } record] ? FacilityFile.Parser.ParseFrom(record.Body.Span) : null;
    }
}
