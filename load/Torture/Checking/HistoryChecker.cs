using Settlement.Cli.Auditing;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Torture.Clients;
using Settlement.Torture.History;

namespace Settlement.Torture.Checking;

/// <summary>What the check of a run came to.</summary>
/// <param name="Violations">In the order in which what made them was asked for.</param>
/// <param name="Requests">Requests that would change the ledger.</param>
/// <param name="Acknowledged">Of these, accepted.</param>
/// <param name="Indeterminate">Of these, those whose clients gave up without knowing.</param>
/// <param name="IndeterminateThere">Of the indeterminate ones, those that are in the ledger.</param>
/// <param name="Entries">Entries in the ledger.</param>
/// <param name="ReadsBehind">Reads that showed less than another silo had shown before.</param>
internal sealed record CheckResult(
    IReadOnlyList<Violation> Violations, int Requests, int Acknowledged, int Indeterminate, int IndeterminateThere, int Entries,
        int ReadsBehind);

/// <summary>
/// Holds the clients' history against the ledger. What the ledger alone can tell (sequence, chain, caps, serial replay, reversals) is asked
/// of the product's own audit, whose tests plant a violation of each kind; what only clients can tell is checked here.
/// </summary>
internal sealed class HistoryChecker
{
    private readonly Adjudicator adjudicator;
    private readonly Dictionary<LedgerKey, RequestHistory> requests = [];
    private readonly Dictionary<string, PersonHistory> persons = new(StringComparer.Ordinal);
    private readonly List<Attempt> attempts;
    private readonly List<LedgerEntry> scanned = [];
    private readonly List<Violation> found = [];

    private HistoryChecker(Pack pack, IEnumerable<Attempt> attempts)
    {
        adjudicator = new Adjudicator(PolicyCatalogue.Of(pack));
        this.attempts = [.. attempts.OrderBy(static attempt => attempt.Invoked)];
    }

    /// <summary>Checks a history against the ledger it was made on.</summary>
    /// <param name="pack">The rules, for quotes.</param>
    /// <param name="attempts">What clients sent and saw.</param>
    /// <param name="store">The ledger, at rest.</param>
    public static async Task<CheckResult> CheckAsync(Pack pack, IEnumerable<Attempt> attempts, ILedgerStore store)
    {
        HistoryChecker checker = new(pack, attempts);
        checker.Read();
        await foreach (LedgerEntry entry in store.ScanAsync()) checker.Add(entry);
        checker.CheckClients();
        await checker.AuditAsync(store);
        return checker.Result();
    }

    private void Read()
    {
        foreach (Attempt attempt in attempts)
        {
            Person(attempt.Person).Add(attempt);
            if (attempt.RequestId.Length > 0) Request(LedgerKey.ForRequest(attempt.Origin, attempt.RequestId)).Add(attempt);
            if (attempt.Outcome == Outcome.Defect)
                found.Add(new Violation(
                    Invariant.NoDefect, $"{attempt.Kind} {attempt.RequestId} of {attempt.Person}: silo {attempt.Silo} failed unexpectedly",
                    attempt.Invoked));
        }
    }

    private void Add(LedgerEntry entry)
    {
        scanned.Add(entry);
        Person(entry.PersonId).Entries.Add(entry);
        Request(entry.RequestKey).Entries.Add(entry);
    }

    private void CheckClients()
    {
        foreach (RequestHistory request in requests.Values)
        {
            if (request.WasSent || request.Entries.Count == 0) found.AddRange(request.Check());
            else if (AskedFor(request.Entries[0]) is null or { WasSent: false })
                found.Add(new Violation(
                    Invariant.Asked,
                    $"{request.Entries[0].PersonId} entry {request.Entries[0].Sequence} ({request.Entries[0].RequestId}): nobody asked for it", 0));
        }

        foreach (PersonHistory person in persons.Values) found.AddRange(person.Check(InvokedAt));
        foreach (Attempt attempt in attempts) CheckAnswer(attempt);
    }

    /// <summary>Answers that name another request than their own.</summary>
    private void CheckAnswer(Attempt attempt)
    {
        if (attempt.Kind == OperationKind.Settle && attempt.Outcome == Outcome.AlreadySettled)
        {
            LedgerEntry? first = Person(attempt.Person)
                .Entries.Find(entry => entry.RequestId == attempt.First && entry.ChargeKey?.ToString() == attempt.Charge);
            if (first is null)
                Broken(Invariant.Kept, attempt,
                    $"it was answered as settled by {attempt.First}, which is not in the ledger with that charge");
            else if (Operation.Digest(
                new SettleResponse { Result = SettleResponse.Parser.ParseFrom(first.Answer.Span).Result }) != attempt.Answer)
                Broken(Invariant.SameAnswer, attempt, $"the result is not that of {attempt.First}");
        }

        if (attempt is { Kind: OperationKind.Get, Outcome: Outcome.Acknowledged }
            && (!requests.TryGetValue(LedgerKey.Parse(attempt.Target), out RequestHistory? shown) || shown.Entries is not [var entry, ..]
                || Operation.Digest(SettleResponse.Parser.ParseFrom(entry.Answer.Span).Result) != attempt.Answer))
            Broken(Invariant.Reads, attempt, $"the settlement {attempt.Target} is shown other than it is");
        if (attempt is { Kind: OperationKind.Get, Outcome: Outcome.Refused, IsBusy: false })
            Broken(Invariant.Reads, attempt, $"the settlement {attempt.Target} was acknowledged and is refused as {attempt.Code}");
    }

    private async Task AuditAsync(ILedgerStore store)
    {
        int read = 0;
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(Found, _ => read++, CancellationToken.None);

        // The audit masks persons, and reads the entries in the order in which they were read here.
        void Found(Cli.Auditing.Violation violation)
        {
            LedgerEntry entry = read < scanned.Count && scanned[read].Sequence == violation.Sequence ? scanned[read] : scanned[read - 1];
            found.Add(new Violation(
                Of(violation.Kind), $"audit, {entry.PersonId} entry {entry.Sequence}: {violation.Kind}: {violation.Detail}",
                InvokedAt(entry)));
        }
    }

    private static Invariant Of(ViolationKind kind) => kind switch
    {
        ViolationKind.Hash or ViolationKind.Chain => Invariant.Chain,
        ViolationKind.Sequence or ViolationKind.Registration => Invariant.Sequence,
        ViolationKind.Request or ViolationKind.Charge => Invariant.Once,
        ViolationKind.Cap => Invariant.Cap,
        _ => Invariant.Replay,
    };

    private CheckResult Result()
    {
        RequestHistory[] sent = [.. requests.Values.Where(static request => request.WasSent)];
        RequestHistory[] unknown = [.. sent.Where(static request => request.IsIndeterminate)];
        return new CheckResult(
            [.. found.OrderBy(static violation => violation.At)],
            sent.Length,
            sent.Count(static request => request.IsAcknowledged),
            unknown.Length,
            unknown.Count(static request => request.Entries.Count > 0),
            persons.Values.Sum(static person => person.Entries.Count),
            persons.Values.Sum(static person => person.Behind));
    }

    /// <summary>The request that made an entry: its own, or the correction that it is a part of.</summary>
    private RequestHistory? AskedFor(LedgerEntry entry)
    {
        if (Request(entry.RequestKey) is { WasSent: true } own) return own;
        string correction = CorrectionAudit.CorrectionOf(entry);
        return correction.Length > 0 ? Request(LedgerKey.Parse(correction)) : null;
    }

    private long InvokedAt(LedgerEntry entry) => AskedFor(entry)?.FirstInvoked ?? long.MaxValue;

    private PersonHistory Person(string person)
    {
        if (!persons.TryGetValue(person, out PersonHistory? history)) persons.Add(person, history = new PersonHistory(person, adjudicator));
        return history;
    }

    private RequestHistory Request(LedgerKey key)
    {
        if (!requests.TryGetValue(key, out RequestHistory? history)) requests.Add(key, history = new RequestHistory(key));
        return history;
    }

    private void Broken(Invariant invariant, Attempt attempt, string detail) =>
        found.Add(new Violation(
            invariant, $"{attempt.Kind} {attempt.RequestId} of {attempt.Person} through silo {attempt.Silo}: {detail}", attempt.Invoked));
}
