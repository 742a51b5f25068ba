using System.Collections.Immutable;
using Settlement.Cli.Auditing;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Replay;

/// <summary>
/// One person's entries, taken in order. Up to the first claim or grant that the changed pack decides, all is as it was recorded; from
/// there on each entry is applied to an account of its own, the what-if account.
/// </summary>
internal sealed class WhatIfPerson(string id, WhatIfRules rules)
{
    private readonly List<Past> past = [];
    private readonly SortedDictionary<int, ReplayRow> rows = [];
    private Account? current;

    /// <summary>The person.</summary>
    public string Id => id;

    /// <summary>Entries decided a second time that stand: one that was reversed counts nothing on either side.</summary>
    public IReadOnlyCollection<ReplayRow> Rows => rows.Values;

    /// <summary>Takes the next entry.</summary>
    /// <exception cref="InvalidDataException">The entry does not fit those before it, or cannot be read.</exception>
    /// <exception cref="LedgerPackException">The ledger does not keep the pack that the entry names.</exception>
    public async ValueTask TakeAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        if (entry.Sequence != past.Count + 1) throw new InvalidDataException($"entry {past.Count + 1} is missing before it");
        if (current is null && entry.Kind is LedgerEntryKind.Settlement or LedgerEntryKind.Grant && rules.Change(entry))
            current = past.Count == 0 ? Account.Empty : past[^1].After;
        if (current is null)
        {
            past.Add(Past.AsRecorded(entry));
            return;
        }

        PersonEvent happened = EventCodec.Decode(entry.Event.Span);
        // No pack decides a void.
        Past decided = happened is RequestVoided
            ? new Past(entry, Voids.After(current, entry.Sequence))
            : Decide(await rules.ForAsync(entry, cancellation), entry, happened);
        past.Add(decided);
        current = decided.After;
    }

    private Past Decide(Adjudicator adjudicator, LedgerEntry entry, PersonEvent happened) => happened switch
    {
        ClaimSettled settled => Settle(adjudicator, entry, settled.Claim),
        FactsRecorded facts => Record(adjudicator, entry, facts),
        SettlementReversed reversed => Reverse(entry, reversed),
        AssistanceLater later => AssistLater(adjudicator, entry, later),
        GrantPaid paid => Grant(adjudicator, entry, paid),
        // Its reversals and settlements were replayed one by one; what closes them moves nothing.
        SettlementsCorrected => new Past(entry, Corrections.Close(current!, entry.Sequence)),
        _ => throw new InvalidDataException($"a {happened.GetType().Name} cannot be replayed"),
    };

    private Past Settle(Adjudicator adjudicator, LedgerEntry entry, Claim claim)
    {
        Amounts was = RecordedAmounts(entry);
        Decision decision = adjudicator.Settle(current!, claim, entry.Sequence);
        Adjudication? settled = decision as Adjudication;
        Payments whatIf = settled is null ? Payments.OfRefused(was) : Payments.OfSettlement(settled.Amounts);
        AddRow(entry, claim.VisitType.Text(), claim.CareDate, new(Payments.OfSettlement(was), whatIf), decision);
        return settled is null
            ? Past.Refused(entry, current!)
            : new Past(entry, settled.After) { Amounts = settled.Amounts, Kind = settled.OutOfAreaKind, BenefitYear = settled.BenefitYear };
    }

    private Past Record(Adjudicator adjudicator, LedgerEntry entry, FactsRecorded facts)
    {
        RecordOutcome outcome = adjudicator.Record(current!, facts.Facts.AsSpan(), facts.Region, entry.Sequence);
        if (outcome.Refusal is not { } refusal) return new Past(entry, outcome.After!);
        AddRow(entry, "", entry.EffectiveDate, default, refusal);
        return Past.Refused(entry, current!);
    }

    // What was refused has moved no counter: there is nothing to restore.
    private Past Reverse(LedgerEntry entry, SettlementReversed reversed)
    {
        Past target = At(reversed.Sequence);
        rows.Remove(target.Entry.Sequence);
        if (target.IsRefused) return new Past(entry, current!);
        SettledEntry settled = new(target.Entry.Origin, target.BenefitYear, target.Entry.Sequence, false);
        ReversalOutcome outcome = Reversals.Reverse(current!, settled, At(reversed.Sequence - 1)
            .After, target.After, reversed.By, entry.Sequence);
        if (outcome.Refusal is not { } refusal) return new Past(entry, outcome.After!);
        AddRow(entry, "", entry.EffectiveDate, default, refusal);
        return new Past(entry, current!);
    }

    private Past AssistLater(Adjudicator adjudicator, LedgerEntry entry, AssistanceLater later)
    {
        Past target = At(later.Sequence);
        if (EventCodec.Decode(target.Entry.Event.Span) is not ClaimSettled { Claim: { } claim })
            throw new InvalidDataException($"entry {later.Sequence} is no settlement");
        // The door refuses a settlement that does not exist before the rules are asked.
        Decision decision = target.IsRefused
            ? new Refusal(RefusalCode.NotFound)
            : adjudicator.AssistLater(
                current!, new AssistedSettlement(claim, AmountsOf(target), KindOf(target), later.Sequence), entry.Sequence);
        Adjudication? assisted = decision as Adjudication;
        Amounts paid = assisted?.Amounts ?? default;
        AddRow(entry, claim.VisitType.Text(), claim.CareDate,
            new(Payments.OfAssistance(PolicyRecomputation.Paid(entry)), Payments.OfAssistance(paid)), decision);
        return assisted is null ? Past.Refused(entry, current!) : new Past(entry, assisted.After)
        {
            Amounts = paid,
            BenefitYear = assisted.BenefitYear,
        };
    }

    private Past Grant(Adjudicator adjudicator, LedgerEntry entry, GrantPaid paid)
    {
        GrantFact was = paid.Grant;
        Decision decision = adjudicator.Grant(current!, new GrantApplication(was.AppliedOn, was.Region, Standing()), entry.Sequence);
        IllnessGrant? granted = decision as IllnessGrant;
        AddRow(entry, ReplayReport.Grant, was.AppliedOn, new(OfGrant(was), granted is null ? default : OfGrant(granted.Grant)), decision);
        return granted is null ? Past.Refused(entry, current!) : new Past(entry, granted.After);
    }

    private static Payments OfGrant(GrantFact grant) =>
        Payments.OfAssistance(new Amounts { AssistanceBasic = grant.Basic, AssistanceTilt = grant.Tilt });

    private ImmutableArray<GrantSettlement> Standing()
    {
        StandingSettlements standing = new();
        foreach (Past before in past)
        {
            if (before.IsRefused) continue;
            PersonEvent happened = EventCodec.Decode(before.Entry.Event.Span);
            standing.Add(before.Entry.Sequence, happened, happened is ClaimSettled or AssistanceLater ? AmountsOf(before) : default);
        }

        return standing.ToImmutable();
    }

    private void AddRow(LedgerEntry entry, string visitType, DateOnly careDate, Comparison payments, Decision decision)
    {
        PersonFacts facts = current!.Facts;
        string category = facts.GroupsOn(careDate).BestCategory?.Text() ?? facts.CategoryOn(careDate)?.Text() ?? ReplayReport.NoCategory;
        rows.Add(entry.Sequence, new ReplayRow(entry.Kind, visitType, category, payments, (decision as Refusal)?.Code));
    }

    private Past At(long sequence) => sequence >= 1 && sequence <= past.Count
        ? past[(int)sequence - 1]
        : throw new InvalidDataException($"it names entry {sequence}, which is none before it");

    private static Amounts AmountsOf(Past before) => before.Amounts ?? RecordedAmounts(before.Entry);

    private static OutOfAreaKind KindOf(Past before) => before.Kind ?? PolicyRecomputation.Stored(before.Entry)!.OutOfAreaKind;

    private static Amounts RecordedAmounts(LedgerEntry entry) =>
        PolicyRecomputation.Stored(entry)?.Amounts ?? PolicyRecomputation.Paid(entry);

    /// <summary>
    /// An entry taken, with the what-if account after it; that of an entry taken as recorded is read when it is asked for.
    /// </summary>
    private sealed class Past(LedgerEntry entry, Account? after)
    {
        private Account? after = after;

        public LedgerEntry Entry => entry;

        public Account After => after ??= AccountCodec.Decode(entry.AccountAfter.Span);

        public bool IsRefused { get; private init; }

        public Amounts? Amounts { get; init; }

        public OutOfAreaKind? Kind { get; init; }

        public int BenefitYear { get; init; } = entry.BenefitYear;

        public static Past AsRecorded(LedgerEntry entry) => new(entry, null);

        public static Past Refused(LedgerEntry entry, Account unchanged) => new(entry, unchanged) { IsRefused = true };
    }
}
