using Settlement.Ledger;
using Settlement.Refusals;
using Settlement.Torture.Clients;
using Settlement.Torture.History;

namespace Settlement.Torture.Checking;

/// <summary>Everything that clients saw of one request id, and the entries it made.</summary>
internal sealed class RequestHistory(LedgerKey key)
{
    private readonly List<Attempt> attempts = [];
    private readonly List<Attempt> conflicts = [];
    private readonly List<Attempt> asks = [];

    /// <summary>The entries that carry its key.</summary>
    public List<LedgerEntry> Entries { get; } = [];

    /// <summary>When it was first sent; the end of time when it never was.</summary>
    public long FirstInvoked { get; private set; } = long.MaxValue;

    /// <summary>What was sent first.</summary>
    public Attempt? Sent => attempts.Count > 0 ? attempts[0] : null;

    /// <summary>Whether it was ever sent.</summary>
    public bool WasSent => attempts.Count > 0;

    /// <summary>Whether its clients ended without knowing.</summary>
    public bool IsIndeterminate => attempts.Any(static one => one.Outcome == Outcome.Indeterminate) && !attempts.Exists(IsDecided);

    /// <summary>Whether it was accepted.</summary>
    public bool IsAcknowledged => attempts.Exists(static one => one.Outcome == Outcome.Acknowledged);

    /// <summary>Adds an attempt.</summary>
    public void Add(Attempt attempt)
    {
        if (attempt.Kind == OperationKind.Ask)
        {
            asks.Add(attempt);
            return;
        }

        if (attempt.Conflict)
        {
            conflicts.Add(attempt);
            return;
        }

        attempts.Add(attempt);
        FirstInvoked = Math.Min(FirstInvoked, attempt.Invoked);
    }

    /// <summary>Checks it against its entries.</summary>
    public IEnumerable<Violation> Check()
    {
        if (Entries.Count > 1) yield return Broken(Invariant.Once, $"{Entries.Count} entries", FirstInvoked);
        string? stored = Entries.Count > 0 ? Operation.Digest(Entries[0].Answer.Span) : null;
        foreach (Attempt told in attempts.Concat(asks).Where(static one => one.Outcome == Outcome.Acknowledged && one.Answer.Length > 0))
        {
            if (stored is null)
                yield return Broken(Invariant.Kept, $"{told.Kind} was answered by silo {told.Silo} and is not in the ledger", told.Invoked);
            else if (told.Answer != stored)
                yield return Broken(
                Invariant.SameAnswer, $"silo {told.Silo} answered {told.Kind} with other bytes than the ledger keeps", told.Invoked);
        }

        foreach (Violation violation in CheckRefused().Concat(CheckConflicts()).Concat(CheckAsks()).Concat(CheckContent()))
            yield return violation;
    }

    private IEnumerable<Violation> CheckRefused()
    {
        if (Entries.Count > 0 && WasSent && attempts.TrueForAll(static one => one.Outcome is Outcome.Refused or Outcome.AlreadySettled))
            yield return Broken(Invariant.Refused, $"every attempt was refused ({attempts[^1].Code}) and it is there", FirstInvoked);
        long accepted = AcceptedAt();
        foreach (Attempt refused in attempts.Where(one => one.Outcome is Outcome.Refused or Outcome.AlreadySettled && !one.IsBusy
            && one.Invoked > accepted))
            yield return Broken(
                Invariant.Refused, $"it was accepted and then answered {refused.Code} by silo {refused.Silo}", refused.Invoked);
    }

    private IEnumerable<Violation> CheckConflicts()
    {
        foreach (Attempt conflict in conflicts)
        {
            if (conflict.Outcome is Outcome.Acknowledged or Outcome.AlreadySettled)
                yield return Broken(
                    Invariant.Refused, $"other content under its id was accepted by silo {conflict.Silo}", conflict.Invoked);
            else if (conflict.Outcome == Outcome.Refused && !conflict.IsBusy && conflict.Code != RefusalCodes.RequestConflict)
                yield return Broken(Invariant.Refused, $"other content under its id was refused as {conflict.Code}", conflict.Invoked);
        }
    }

    private IEnumerable<Violation> CheckAsks()
    {
        long accepted = AcceptedAt();
        foreach (Attempt ask in asks.Where(static one => one.Outcome == Outcome.Acknowledged && one.Answer.Length == 0))
        {
            if (ask.Invoked > accepted)
                yield return Broken(Invariant.Kept, $"it was accepted, and silo {ask.Silo} knew it as {ask.Code}", ask.Invoked);
            else if (ask.AtRest && Entries.Count > 0)
                yield return Broken(Invariant.Kept, $"at rest silo {ask.Silo} knew it as {ask.Code}, and it is there", ask.Invoked);
        }
    }

    private IEnumerable<Violation> CheckContent()
    {
        if (Sent is not { } sent || Entries.Count == 0) yield break;
        LedgerEntry entry = Entries[0];
        bool isThat = entry.PersonId == sent.Person && sent.Kind switch
        {
            OperationKind.Settle => entry.Kind == LedgerEntryKind.Settlement && entry.Total == sent.Total
                && entry.ChargeKey?.ToString() == sent.Charge,
            OperationKind.Reverse => entry.Kind == LedgerEntryKind.Reversal,
            OperationKind.Correct => entry.Kind == LedgerEntryKind.Correction,
            OperationKind.Grant => entry.Kind == LedgerEntryKind.Grant,
            OperationKind.Register => entry.Kind == LedgerEntryKind.Registration,
            _ => entry.Kind == LedgerEntryKind.Facts,
        };
        if (!isThat)
            yield return Broken(
            Invariant.Asked, $"entry {entry.Sequence} of {entry.PersonId} is a {entry.Kind} with other content than was asked",
            FirstInvoked);
    }

    /// <summary>When it was first known to be accepted; the end of time when it never was.</summary>
    private long AcceptedAt() =>
        attempts.Concat(asks).Where(static one => one.Outcome == Outcome.Acknowledged && one.Answer.Length > 0)
            .Select(static one => one.Returned).DefaultIfEmpty(long.MaxValue).Min();

    private static bool IsDecided(Attempt attempt) =>
        attempt.Outcome is Outcome.Acknowledged or Outcome.AlreadySettled || (attempt.Outcome == Outcome.Refused && !attempt.IsBusy);

    private Violation Broken(Invariant invariant, string detail, long at) =>
        new(invariant, $"request {(Sent ?? conflicts.Concat(asks).First()).RequestId} ({key}): {detail}", at);
}
