using Google.Protobuf;
using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Ledger.Facilities;
using Settlement.Mapping;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using FacilityRecord = Settlement.Ledger.Facilities.FacilityRecord;

namespace Settlement.Visits;

/// <summary>
/// One visit: its reports in order, and what they add up to. One call at a time; a second activation is fenced by the journal's keys,
/// and then reads again.
/// </summary>
public sealed class VisitGrain(IFacilityJournal journal, TimeProvider time) : Grain, IVisitGrain
{
    // Each round lost is a report of another activation, so this many need a very busy visit.
    private const int Rounds = 16;

    private VisitFile? file;

    /// <inheritdoc/>
    public async Task<Reply<VisitState>> Read()
    {
        try
        {
            VisitFile known = await Load();
            if (!known.Exists) return Unknown();
            return known.State.Clone();
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    /// <inheritdoc/>
    public async Task<Reply<VisitReport>> Report(Immutable<VisitReport> report)
    {
        VisitReport wanted = report.Value.Clone();
        if (Divide(wanted) is { } wrong) return wrong;
        (string facility, string visitId) = FacilityKey.Parse(this.GetPrimaryKeyString());
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                VisitFile known = await Load();
                if (known.Find(wanted.MessageId) is { } first)
                    return SentReport.Repeats(first, wanted) ? first : Refuse.RequestConflict(facility, wanted.MessageId);
                if (known.Fault(wanted) is { } fault) return LetGo(fault);
                FacilityRecord record = new(
                    facility, visitId, known.Count + 1, wanted.MessageId, wanted.ToByteArray(), time.GetUtcNow());
                if (await journal.AppendAsync(record))
                {
                    known.Add(wanted);
                    return wanted;
                }

                // The sequence is taken: another activation wrote. Or the message id is, by another visit: then reading again does not
                // help.
                int before = known.Count;
                file = null;
                known = await Load();
                if (known.Count == before && known.Find(wanted.MessageId) is null)
                    return Refuse.RequestConflict(facility, wanted.MessageId);
            }

            return Refuse.Busy;
        }
        catch (LedgerUnavailableException)
        {
            file = null; // the report may have been written
            return Refuse.LedgerUnavailable;
        }
    }

    /// <inheritdoc/>
    public async Task<Reply<VisitReport>> FindRepeated(Immutable<VisitReport> report)
    {
        try
        {
            if ((await Load()).Find(report.Value.MessageId) is not { } first) return Unknown();
            return SentReport.Repeats(first, report.Value)
                ? first
                : Refuse.RequestConflict(FacilityKey.Parse(this.GetPrimaryKeyString()).Facility, report.Value.MessageId);
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    private static RefusalInfo? Divide(VisitReport report)
    {
        for (int i = 0; i < report.Charges.Count; i++)
        {
            if (LineParts.Of(ClaimMapping.ToPolicy(report.Charges[i].Line), i, out ClaimTotals parts) is { } refusal)
                return RefusalMapping.ToInfo(refusal);
            report.Charges[i].Parts = ClaimMapping.ToWire(parts);
        }

        return null;
    }

    private async Task<VisitFile> Load()
    {
        if (file is not null) return file;
        (string facility, string visitId) = FacilityKey.Parse(this.GetPrimaryKeyString());
        VisitFile read = new();
        foreach (FacilityRecord record in await journal.ReadAsync(facility, visitId))
            read.Add(VisitReport.Parser.ParseFrom(record.Body.Span));
        return file = read;
    }

    private RefusalInfo Unknown() => LetGo(VisitFile.Unknown);

    /// <summary>Asking for visits that do not exist must not fill the memory with activations.</summary>
    private RefusalInfo LetGo(RefusalInfo refusal)
    {
        if (file is { Exists: false }) DeactivateOnIdle();
        return refusal;
    }
}
