using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>
/// Holds everything that happens against what the product promises, at the moment it happens. The first violation is kept; the run stops
/// at it, so that the step that made it is the last one. What is answered is the business of <see cref="AnswerChecker"/>.
/// </summary>
internal sealed class HistoryChecker : IHistory
{
    private readonly RuleReplay rules;
    private readonly AnswerChecker answers;
    private readonly Dictionary<string, PersonModel> persons = new(StringComparer.Ordinal);
    private readonly Dictionary<LedgerKey, Operation> asked = [];
    private readonly Dictionary<LedgerKey, Operation> askedToVoid = [];
    private readonly Dictionary<LedgerKey, LedgerEntry> requests = [];
    private readonly Dictionary<LedgerKey, LedgerEntry> standing = [];
    private readonly List<(Operation Operation, LedgerEntry Entry)> answered = [];
    private readonly CorrectionChecker corrections;
    private LedgerKey? openCorrection;
    private int firstOfCorrection;
    private long committed;

    /// <param name="pack">The rules.</param>
    /// <param name="caps">Yearly caps in fen; those of the pack when null.</param>
    public HistoryChecker(Pack pack, IReadOnlyDictionary<CounterId, long>? caps = null)
    {
        rules = new RuleReplay(pack, caps);
        CorrectionReplay replay = new(rules.Adjudicator);
        corrections = new CorrectionChecker(this, replay);
        answers = new AnswerChecker(this, rules.Adjudicator, replay);
    }

    /// <summary>The first violation, or null.</summary>
    public Violation? Found { get; private set; }

    /// <summary>Settlements committed that somebody asked for; those that a correction settled again are not counted.</summary>
    public long Settlements { get; private set; }

    /// <summary>Entries that corrections made before the one that closes them.</summary>
    public long Corrected { get; private set; }

    /// <summary>Changes that were answered for the first time.</summary>
    public long Acknowledged => answered.Count;

    /// <summary>The model of a person.</summary>
    public PersonModel Of(string person)
    {
        if (!persons.TryGetValue(person, out PersonModel? model)) persons.Add(person, model = new PersonModel());
        return model;
    }

    /// <summary>The entry that a request made, or null.</summary>
    public LedgerEntry? EntryOf(LedgerKey request) => requests.GetValueOrDefault(request);

    /// <inheritdoc/>
    public void Sent(Operation operation)
    {
        operation.AnsweredBefore = Of(operation.Person).Answered;
        if (operation.Kind == OperationKind.Void)
        {
            // It bears the id of the request that it ends; the reversal of what that settled has an id of its own.
            askedToVoid.TryAdd(operation.RequestKey, operation);
            asked.TryAdd(LedgerKey.ForRequest(operation.Origin, RequestVoiding.ReversalId(operation.RequestKey)), operation);
        }
        else if (operation.RequestId.Length > 0)
        {
            asked.TryAdd(operation.RequestKey, operation);
        }
    }

    /// <inheritdoc/>
    public void Committed(LedgerEntry entry)
    {
        committed = entry.Position;
        PersonModel person = Of(entry.PersonId);
        if (!IsWhole(entry) || !IsInOrder(person, entry) || !IsOnce(entry) || !WasAsked(entry)) return;
        if (entry.Reverses is { } target && !Reverse(person, target, entry)) return;
        if (entry.Kind == LedgerEntryKind.AssistanceLater && !Assist(person, entry)) return;
        if (rules.Check(person, entry) is { } wrong)
        {
            Report(wrong);
            return;
        }

        Account after = AccountCodec.Decode(entry.AccountAfter.Span);
        person.Sum(entry);
        if (rules.CheckAfter(person, entry, after) is { } off) Report(off);
        if (entry.Reverses is { } reversed) person.Reverse(reversed, entry.Sequence);
        person.Entries.Add(entry);
        person.Accounts.Add(after);
        requests.Add(entry.RequestKey, entry);
        if (entry.ChargeKey is { } charge) standing.Add(charge, entry);
        if (openCorrection is not null && entry.Kind != LedgerEntryKind.Correction) Corrected++;
        else if (entry.Kind == LedgerEntryKind.Settlement) Settlements++;
        if (entry.Kind == LedgerEntryKind.Correction) Close(person, entry);
    }

    /// <inheritdoc/>
    public void Left(Operation operation, Answer answer, long committedAtDelivery)
    {
        LookForOpenCorrection();
        answers.Check(operation, answer, committedAtDelivery);
    }

    /// <inheritdoc/>
    public void Rested(IReadOnlyList<LedgerEntry> ledger)
    {
        LookForOpenCorrection();
        Dictionary<LedgerKey, LedgerEntry> found = [];
        foreach (LedgerEntry entry in ledger)
        {
            if (!found.TryAdd(entry.RequestKey, entry)) Report(new(Invariant.RequestOnce, $"{entry.RequestId} stands in the ledger twice"));
        }

        foreach ((Operation operation, LedgerEntry entry) in answered)
        {
            if (found.GetValueOrDefault(entry.RequestKey)?.Hash != entry.Hash)
                Report(new(Invariant.Kept,
                    $"{operation} was answered with entry {entry.Sequence}, which the ledger does not hold at the end"));
        }

        if (Found is null && ledger.Count != committed)
            Report(new(Invariant.Kept, $"{committed} entries were committed, {ledger.Count} are there"));
    }

    /// <summary>Notes that a change was answered with its entry.</summary>
    public void Acknowledge(Operation operation, LedgerEntry entry)
    {
        PersonModel person = Of(entry.PersonId);
        person.Answered = Math.Max(person.Answered, entry.Sequence);
        if (operation.FirstAnswer is null) answered.Add((operation, entry));
    }

    /// <summary>Keeps a violation, if it is the first.</summary>
    public void Report(Violation violation) => Found ??= violation;

    private bool IsInOrder(PersonModel person, LedgerEntry entry)
    {
        LedgerHash before = person.Entries is [.., var newest] ? newest.Hash : LedgerHash.Zero;
        if (entry.Sequence != person.Entries.Count + 1)
            return Broken(Invariant.Fence, entry, $"the person has {person.Entries.Count} entries");
        if (entry.PreviousHash != before) return Broken(Invariant.Chain, entry, "it does not carry the hash of the entry before");
        return entry.HashIsValid() || Broken(Invariant.Chain, entry, "its hash is not that of its content");
    }

    private bool IsOnce(LedgerEntry entry)
    {
        if (requests.TryGetValue(entry.RequestKey, out LedgerEntry? first))
            return Broken(Invariant.RequestOnce, entry, $"{entry.RequestId} made entry {first.Sequence} already");
        return entry.ChargeKey is not { } charge || !standing.TryGetValue(charge, out LedgerEntry? settled)
            || Broken(Invariant.ChargeOnce, entry, $"its charge stands settled by entry {settled.Sequence} of {settled.PersonId}");
    }

    /// <summary>
    /// A correction's entries come all together: nothing else is told between its first entry and the one that closes it.
    /// </summary>
    private bool IsWhole(LedgerEntry entry)
    {
        LedgerKey? correction = CorrectionChecker.CorrectionOf(entry);
        if (openCorrection is { } open)
            return correction == open || Broken(Invariant.Whole, entry, $"it comes before correction {open} is closed");
        if (correction is null) return true;
        if (entry.Kind == LedgerEntryKind.Correction) return Broken(Invariant.Whole, entry, "it closes a correction without entries");
        (openCorrection, firstOfCorrection) = (correction, entry.Sequence);
        return true;
    }

    private void LookForOpenCorrection()
    {
        if (openCorrection is { } open)
            Report(new(Invariant.Whole, $"correction {open} is in the ledger from entry {firstOfCorrection} on and is not closed"));
    }

    private void Close(PersonModel person, LedgerEntry closing)
    {
        openCorrection = null;
        if (corrections.Differs(person, firstOfCorrection, closing, asked[closing.RequestKey]) is { } detail)
            Broken(Invariant.Corrected, closing, detail);
    }

    private bool WasAsked(LedgerEntry entry)
    {
        // What belongs to a correction is held against what was asked when the correction is closed.
        if (openCorrection is { } open && entry.Kind != LedgerEntryKind.Correction)
        {
            return (asked.TryGetValue(open, out Operation? correction) && correction.Kind == OperationKind.Correct
                && correction.Person == entry.PersonId)
                || Broken(Invariant.Asked, entry, "nobody asked for its correction");
        }

        Dictionary<LedgerKey, Operation> from = entry.Kind == LedgerEntryKind.Void ? askedToVoid : asked;
        if (!from.TryGetValue(entry.RequestKey, out Operation? operation)) return Broken(Invariant.Asked, entry, "nobody asked for it");
        return (operation.Person == entry.PersonId && operation.Origin == entry.Origin && HasContent(operation, entry))
            || Broken(Invariant.Asked, entry, $"{operation} was asked with other content");
    }

    private bool HasContent(Operation operation, LedgerEntry entry) => operation.Kind switch
    {
        OperationKind.Settle => entry.Kind == LedgerEntryKind.Settlement && entry.Total == operation.Settle.Claim.Totals.Total
            && entry.ChargeKey == operation.ChargeKey,
        OperationKind.Reverse => entry.Kind == LedgerEntryKind.Reversal,
        OperationKind.Void => entry.Kind is LedgerEntryKind.Void or LedgerEntryKind.Reversal,
        OperationKind.Grant => entry.Kind == LedgerEntryKind.Grant,
        OperationKind.AssistLater => entry.Kind == LedgerEntryKind.AssistanceLater
            && (EventCodec.Decode(entry.Event.Span) as AssistanceLater)?.Sequence == EntryOf(operation.Target!.RequestKey)?.Sequence,
        OperationKind.Correct => entry.Kind == LedgerEntryKind.Correction,
        OperationKind.Register => entry.Kind == LedgerEntryKind.Registration,
        OperationKind.Record => entry.Kind == LedgerEntryKind.Facts,
        _ => false,
    };

    private bool Reverse(PersonModel person, int target, LedgerEntry entry)
    {
        if (person.At(target) is not { } reversed) return Broken(Invariant.ReversedOnce, entry, $"there is no entry {target} to reverse");
        if (person.IsReversed(target)) return Broken(Invariant.ReversedOnce, entry, $"entry {target} was reversed before");
        if (person.IsAssisted(target)) return Broken(Invariant.AssistedOnce, entry, $"assistance claimed later for entry {target} stands");
        if (reversed.ChargeKey is { } charge) standing.Remove(charge);
        return true;
    }

    private bool Assist(PersonModel person, LedgerEntry entry)
    {
        long settlement = ((AssistanceLater)EventCodec.Decode(entry.Event.Span)).Sequence;
        return person.Assist((int)settlement, entry.Sequence)
            || Broken(Invariant.AssistedOnce, entry,
                $"entry {settlement} is no settlement that stands and whose assistance is to be claimed");
    }

    private bool Broken(Invariant invariant, LedgerEntry entry, string detail)
    {
        Report(new Violation(invariant, $"{entry.PersonId} entry {entry.Sequence} ({entry.Kind} {entry.RequestId}): {detail}"));
        return false;
    }
}
