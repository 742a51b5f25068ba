using System.Diagnostics;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Persons;

/// <summary>
/// One activation's view of a person's ledger. Changes are decided one after the other on the head, which runs ahead of what is
/// durable; their entries are written pipelined; each is answered when it, and so everything before it, is durable. When an entry
/// is not written, everything decided on top of it is decided anew.
/// </summary>
/// <remarks>
/// Not thread-safe: the person's grain calls it turn by turn. Between two awaits nothing else runs, so that decision, append and
/// new head are one step.
/// </remarks>
internal sealed class PersonLedger(string person, ILedgerStore store, LedgerWriter writer, TimeProvider time)
{
    /// <summary>
    /// How often one change is decided anew before the caller is asked to come again. Each round, another writer got on, or a request
    /// decided before this one got its outcome.
    /// </summary>
    private const int MaxAttempts = 64;

    private PendingAppends inFlight;
    private RestingHead durable;
    private PersonHead? head;
    private PersonLane? lane;
    private PendingAppend? newest;
    private Task<RefusalInfo?>? loading;

    /// <summary>The newest durable state, decoded for the caller; quotes and queries look at this one.</summary>
    public PersonHead Durable => durable.Wake();

    /// <summary>Whether the newest durable state is that of a registered person.</summary>
    public bool IsRegistered => durable.IsRegistered;

    /// <summary>
    /// What is decided on: the state after all that is being written. Kept only while something is decided or written.
    /// </summary>
    private PersonHead Head => head ??= durable.Wake();

    /// <summary>Whether a request is being written now.</summary>
    public bool IsInProgress(LedgerKey requestKey) => inFlight.Find(requestKey, null) is not null;

    /// <summary>Makes sure that the newest entry has been read. Gives a refusal when the ledger cannot be read.</summary>
    public Task<RefusalInfo?> Load()
    {
        if (lane is { IsBroken: false }) return Loaded;
        if (loading is not null) return loading;
        Task<RefusalInfo?> reading = Read();
        if (!reading.IsCompleted) loading = reading;
        return reading;
    }

    /// <summary>
    /// Makes sure that <see cref="Durable"/> is the person's newest entry, also where other processes write to the same ledger: a person
    /// may have been settled elsewhere since this activation last looked. Gives a refusal when the ledger cannot be read.
    /// </summary>
    public Task<RefusalInfo?> LoadNewest() => store.IsShared ? ReadNewest() : Load();

    private async Task<RefusalInfo?> ReadNewest()
    {
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                bool reads = lane is not { IsBroken: false } && loading is null;
                if (await Load() is { } unavailable) return unavailable;
                if (reads || (lane is { IsBroken: false } current && await IsUpToDate(current))) return null;
            }

            return Refuse.Busy;
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    private static Task<RefusalInfo?> Loaded { get; } = Task.FromResult<RefusalInfo?>(null);

    /// <summary>Decides a change and makes it durable; a request accepted before gets its first answer.</summary>
    public async Task<Reply<TAnswer>> Commit<TAnswer>(Change<TAnswer> change)
        where TAnswer : class
    {
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                // What was not written may have been accepted before, as when callers who heard nothing send their requests again. Written
                // again unasked it would break the lane again, for all that is decided on top of it, and each round would free one caller.
                if (attempt > 0 && await AcceptedBefore(change) is { } accepted) return accepted;
                if (await Load() is { } unavailable) return unavailable;
                if (InFlight(change) is { } earlier)
                {
                    if (await earlier.Decided && earlier.Entry.RequestKey == change.RequestKey) return Repeat(change, earlier.Entry);
                    if (earlier.IsDurable) return SettledCharge(change, earlier.Entry);
                    continue;
                }

                if (change.ReadsHistory && Head.Sequence != durable.Sequence)
                {
                    // Then look again: while this waited the head may have run ahead once more, by an entry that reading would miss.
                    await DecidedUpToNow();
                    continue;
                }

                LedgerHash prepared = Head.Hash;
                await change.Prepare(store);
                if (lane is not { IsBroken: false } current || InFlight(change) is not null) continue;
                if (change.ReadsHistory && (Head.Hash != prepared || Head.Sequence != durable.Sequence)) continue;
                if (change.NewestSeen > Head.Sequence)
                {
                    lane = null;
                    continue;
                }

                Change<TAnswer>.Proposal proposal = change.Propose(Head, time.GetUtcNow());
                if (proposal.Refusal is { } refusal)
                {
                    if (!await IsUpToDate(current)) continue;
                    return await AcceptedBefore(change) ?? await change.Complete(refusal, store);
                }

                LedgerEntry entry = proposal.Entry!;
                ValueTask<AppendOutcome> append = Append(current, proposal.Group, entry);
                // What is decided at once and not appended was never queued (no room, or the lane broke): the head stays where it was.
                PendingAppend? pending = append.IsCompleted ? null : Advance(entry, proposal.After!);
                AppendStatus status = AppendStatus.Unavailable;
                try
                {
                    // Awaited here and not a method further down: each one on the way costs a turn's bookkeeping.
                    status = (await append).Status;
                    if (status == AppendStatus.Appended) pending ??= Advance(entry, proposal.After!);
                }
                finally
                {
                    if (pending is not null) Conclude(pending, status, current);
                }

                switch (status)
                {
                    case AppendStatus.Appended:
                        return proposal.Answer!;
                    case AppendStatus.Busy:
                        return Refuse.Busy;
                    case AppendStatus.NotAccepted:
                        return await AcceptedBefore(change) ?? Refuse.LedgerUnavailable;
                    case AppendStatus.Unavailable:
                        return Refuse.OutcomeUnknown;
                    case AppendStatus.Archived when change.Kind is LedgerEntryKind.Reversal
                        && await store.ReadDetachedPartAsync(person) is { } detached:
                        return Refuse.PeriodDetached(detached.Period);
                    case AppendStatus.Refused:
                        throw new InvalidOperationException(
                            $"The database refused entry {entry.Sequence} of a person: a constraint does not hold.");
                }
            }

            return Refuse.Busy;
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
        finally
        {
            // Nothing is being written: the head is the durable one.
            if (newest is null) head = null;
        }
    }

    /// <summary>Decides a change on what the ledger holds now. Writes nothing.</summary>
    public async Task<Reply<TAnswer>> Preview<TAnswer>(Change<TAnswer> change)
        where TAnswer : class
    {
        try
        {
            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                await change.Prepare(store);
                PersonHead durable = await store.ReadNewestAsync(person) is { } entry ? PersonHead.After(entry) : PersonHead.Unknown;
                // What was written between the two reads belongs to neither: look again.
                if (change.NewestSeen != 0 && change.NewestSeen != durable.Sequence) continue;
                Change<TAnswer>.Proposal proposal = change.Propose(durable, time.GetUtcNow());
                return proposal.Refusal is { } refusal ? await change.Complete(refusal, store) : proposal.Answer!;
            }

            return Refuse.Busy;
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
    }

    private ValueTask<AppendOutcome> Append(PersonLane current, LedgerGroup? group, LedgerEntry entry) =>
        group is null ? writer.AppendAsync(current, entry) : writer.AppendAsync(current, group);

    /// <summary>Moves the head to an entry that is being written.</summary>
    private PendingAppend Advance(LedgerEntry entry, Account after)
    {
        head = new PersonHead(entry.Sequence, entry.Hash, after);
        PendingAppend pending = new(entry, head);
        newest = pending;
        inFlight.Add(pending);
        return pending;
    }

    /// <summary>Takes an entry's outcome: what is durable moves on, or the lane is left.</summary>
    private void Conclude(PendingAppend pending, AppendStatus status, PersonLane current)
    {
        bool isAppended = status == AppendStatus.Appended;
        if (isAppended && pending.Head.Sequence > durable.Sequence) durable.Keep(pending.Head, pending.Entry.AccountAfter.Span);
        inFlight.Remove(pending);
        // An idle person keeps nothing of what was written.
        if (ReferenceEquals(newest, pending)) newest = null;
        // The first entry that is not written takes everything decided on top of it with it: read the ledger anew.
        if (!isAppended && ReferenceEquals(lane, current)) lane = null;
        pending.Decide(isAppended);
    }

    private async Task<RefusalInfo?> Read()
    {
        try
        {
            using Activity? span = GrainTraces.StartWake();
            LedgerEntry? entry = await store.ReadNewestAsync(person);
            durable = default;
            if (entry is not null) durable.Keep(PersonHead.After(entry), entry.AccountAfter.Span);
            head = null;
            lane = writer.OpenLane(person);
            return null;
        }
        catch (LedgerUnavailableException)
        {
            return Refuse.LedgerUnavailable;
        }
        finally
        {
            loading = null;
        }
    }

    private PendingAppend? InFlight<TAnswer>(Change<TAnswer> change)
        where TAnswer : class =>
        inFlight.Find(change.RequestKey, change.ChargeKey);

    /// <summary>
    /// Waits for all that is being written. False when some of it was not written, so that what rested on it must be decided anew.
    /// </summary>
    private async Task<bool> DecidedUpToNow()
    {
        PersonLane? seen = lane;
        if (newest is { } last) await last.Decided;
        return ReferenceEquals(seen, lane) && seen is { IsBroken: false };
    }

    /// <summary>
    /// Whether the ledger holds nothing of the person that this activation does not know. False when it does, or when something that was
    /// being written was not: either way what was decided rests on a state that has passed. Only a write meets the fence, so a refusal
    /// must ask.
    /// </summary>
    private async Task<bool> IsUpToDate(PersonLane current)
    {
        LedgerEntry? last = await store.ReadNewestAsync(person);
        if (!await DecidedUpToNow() || !ReferenceEquals(lane, current)) return false;
        if (last is null || last.Sequence <= durable.Sequence) return true;
        lane = null;
        return false;
    }

    /// <summary>
    /// A refusal or a second attempt stands only for a request which was never accepted: the same request gets its first answer, the
    /// same charge the settlement it had. A charge whose settlements are all reversed may be settled again, in its next generation.
    /// </summary>
    private async Task<Reply<TAnswer>?> AcceptedBefore<TAnswer>(Change<TAnswer> change)
        where TAnswer : class
    {
        if (await store.ReadByRequestAsync(change.RequestKey) is { } first) return Repeat(change, first);
        if (await store.ReadArchivedRequestAsync(change.RequestKey) is { } archivedRequest)
            return Refuse.PeriodDetached(archivedRequest.Period);
        if (change.ChargeKey is not { } charge) return null;
        if (await store.ReadNewestByChargeAsync(charge) is { } settled)
        {
            if (!await IsReversed(settled)) return SettledCharge(change, settled);
            change.ChargeGeneration = settled.ChargeGeneration + 1;
        }
        else if (await store.ReadArchivedChargeAsync(charge) is { } archived)
        {
            if (!archived.IsReversed) return Refuse.PeriodDetached(archived.Period);
            change.ChargeGeneration = archived.ChargeGeneration + 1;
        }

        return null;
    }

    private Reply<TAnswer> Repeat<TAnswer>(Change<TAnswer> change, LedgerEntry first)
        where TAnswer : class =>
        change.IsRepeatOf(first, person) ? change.AnswerOf(first)
        : first.Kind == LedgerEntryKind.Void ? Refuse.RequestVoided(change.Origin, change.RequestId, first.RecordedAt)
        : Refuse.RequestConflict(change.Origin, change.RequestId);

    private Reply<TAnswer> SettledCharge<TAnswer>(Change<TAnswer> change, LedgerEntry first)
        where TAnswer : class =>
        first.PersonId == person ? change.AnswerForSettledCharge(first) : Refuse.ChargeConflict(first.RequestId);

    private async Task<bool> IsReversed(LedgerEntry entry) => await store.ReadReversalOfAsync(entry.PersonId, entry.Sequence) is not null;
}
