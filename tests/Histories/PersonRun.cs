using System.Collections.Immutable;
using Settlement.Policy;

namespace Settlement.Tests.Histories;

/// <summary>An entry of a person's ledger, as the rules made it.</summary>
public sealed class Entry
{
    /// <summary>What it records.</summary>
    public required PersonEvent Happened { get; init; }

    /// <summary>Account before it.</summary>
    public required Account Before { get; init; }

    /// <summary>Account after it.</summary>
    public required Account After { get; init; }

    /// <summary>Decision of a settlement or of assistance claimed later.</summary>
    public Adjudication? Decided { get; init; }

    /// <summary>Decision of a grant.</summary>
    public IllnessGrant? Grant { get; init; }

    /// <summary>Claim of a settlement, also of the one that assistance was claimed for.</summary>
    public Claim? Claim { get; init; }

    /// <summary>For assistance claimed later: the settlement.</summary>
    public Entry? Assists { get; init; }

    /// <summary>For a reversal: what it takes back.</summary>
    public Entry? Reverses { get; init; }

    /// <summary>Settlements that stood when a grant was decided.</summary>
    public ImmutableArray<GrantSettlement> Standing { get; init; }

    /// <summary>Amounts as they stand now: of a settlement with the assistance claimed for it.</summary>
    public Amounts Amounts { get; set; }

    /// <summary>Whether it was taken back.</summary>
    public bool Reversed { get; set; }

    /// <summary>Its sequence.</summary>
    public long Sequence => After.LastSequence;

    /// <summary>Whether it settled a claim.</summary>
    public bool IsSettlement => Happened is ClaimSettled;

    /// <summary>Who made it, as a reversal asks.</summary>
    public string Owner => IsSettlement ? Claim!.Facility.Code : Reversals.Agency;
}

/// <summary>An act that was taken: the entry it made, or the refusal. A quote makes neither, it has its decision only.</summary>
public sealed record Taken(Act Act, Account Before, Entry? Entry, Refusal? Refusal, Decision? Quoted);

/// <summary>Takes acts with one person on the rules themselves, and keeps the entries as a ledger does.</summary>
public sealed class PersonRun
{
    private readonly Adjudicator adjudicator;
    private readonly List<Entry> entries = [];
    private readonly StandingSettlements standing = new();

    /// <summary>Registers the person; entry 1 holds the facts.</summary>
    /// <exception cref="InvalidOperationException">The facts are refused.</exception>
    public PersonRun(Adjudicator adjudicator, History history)
    {
        this.adjudicator = adjudicator;
        Region = history.Region;
        var refusal = Record([.. history.Person]).Refusal;
        if (refusal is not null)
            throw new InvalidOperationException($"{refusal.Code} {refusal.Field}: {refusal.Expected}");
    }

    /// <summary>Region of the person.</summary>
    public int Region { get; }

    /// <summary>The account now.</summary>
    public Account Account { get; private set; } = Account.Empty;

    /// <summary>Everything accepted, in order.</summary>
    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>Settlements and assistance claimed later, in order.</summary>
    public IEnumerable<Entry> Payments => entries.Where(e => e.Decided is not null);

    /// <summary>Those of them that stand.</summary>
    public IEnumerable<Entry> StandingPayments => Payments.Where(e => !e.Reversed);

    private long Next => Account.LastSequence + 1;

    /// <summary>Takes a whole history.</summary>
    public static (PersonRun Run, IReadOnlyList<Taken> Taken) Play(Adjudicator adjudicator, History history)
    {
        var run = new PersonRun(adjudicator, history);
        return (run, [.. history.Acts.Select(run.Take)]);
    }

    /// <summary>Takes one act.</summary>
    public Taken Take(Act act)
    {
        var before = Account;
        var (entry, refusal, quoted) = act switch
        {
            SettleAct settle => Answer(Settle(settle.Claim)),
            QuoteAct quote => (null, null, adjudicator.Settle(Account, quote.Claim, Next)),
            RecordAct record => Answer(Record([record.Fact])),
            ReverseAct reverse => Answer(Reverse(reverse)),
            AssistLaterAct later => Answer(AssistLater(later)),
            GrantAct grant => Answer(Grant(grant)),
            _ => throw new NotSupportedException(act.GetType().Name),
        };
        return new Taken(act, before, entry, refusal, quoted);
    }

    /// <summary>The settlement or assistance claimed later that an act means; null when there is none yet.</summary>
    public Entry? Meant(ReverseAct act) => NewestBut(act.Back, [.. Payments]);

    /// <summary>The settlement that an act means; null when there is none yet.</summary>
    public Entry? Meant(AssistLaterAct act) => NewestBut(act.Back, [.. entries.Where(e => e.IsSettlement)]);

    /// <summary>Who asks for a reversal, by code.</summary>
    public static string AskedBy(ReverseAct act, Entry target) => act.By switch
    {
        ReversedBy.Agency => Reversals.Agency,
        ReversedBy.Owner => target.Owner,
        _ => "ELSEWHERE",
    };

    private static Entry? NewestBut(int back, Entry[] of) => of.Length == 0 ? null : of[^(1 + (back % of.Length))];

    private static (Entry?, Refusal?, Decision?) Answer((Entry? Entry, Refusal? Refusal) outcome) => (outcome.Entry, outcome.Refusal, null);

    private (Entry?, Refusal?) Settle(Claim claim)
    {
        var decision = adjudicator.Settle(Account, claim, Next);
        return decision is Adjudication settled
            ? Enter(new Entry { Happened = new ClaimSettled(claim), Before = Account, After = settled.After, Decided = settled,
                Claim = claim, Amounts = settled.Amounts })
            : (null, (Refusal)decision);
    }

    private (Entry? Entry, Refusal? Refusal) Record(ImmutableArray<Fact> facts)
    {
        var outcome = adjudicator.Record(Account, facts.AsSpan(), Region, Next);
        return outcome.Refusal is { } refusal
            ? (null, refusal)
            : Enter(new Entry { Happened = new FactsRecorded(Region, facts), Before = Account, After = outcome.After! });
    }

    private (Entry?, Refusal?) Reverse(ReverseAct act)
    {
        if (Meant(act) is not { } target)
            return (null, new Refusal(RefusalCode.NotFound));

        var by = AskedBy(act, target);
        var outcome = Reversals.Reverse(
            Account, new SettledEntry(target.Owner, target.Decided!.BenefitYear, target.Sequence, target.Reversed), target.Before,
            target.After, by, Next);
        if (outcome.Refusal is { } refusal)
            return (null, refusal);

        target.Reversed = true;
        if (target.Assists is { } assisted)
            assisted.Amounts = assisted.Decided!.Amounts;

        return Enter(
            new Entry { Happened = new SettlementReversed(target.Sequence, by), Before = Account, After = outcome.After!,
            Reverses = target });
    }

    private (Entry?, Refusal?) AssistLater(AssistLaterAct act)
    {
        if (Meant(act) is not { } target)
            return (null, new Refusal(RefusalCode.NotFound));

        var decision = adjudicator.AssistLater(Account, Assisted(target), Next);
        if (decision is not Adjudication later)
            return (null, (Refusal)decision);

        target.Amounts = later.Amounts;
        return Enter(
            new Entry { Happened = new AssistanceLater(target.Sequence), Before = Account, After = later.After, Decided = later,
            Claim = target.Claim, Assists = target, Amounts = later.Amounts });
    }

    /// <summary>A settlement as assistance claimed later looks at it: as it was settled.</summary>
    public static AssistedSettlement Assisted(Entry settlement)
        => new(settlement.Claim!, settlement.Decided!.Amounts, settlement.Decided.OutOfAreaKind, settlement.Sequence);

    private (Entry?, Refusal?) Grant(GrantAct act)
    {
        var stand = standing.ToImmutable();
        var decision = adjudicator.Grant(Account, new GrantApplication(act.AppliedOn, Region, stand), Next);
        return decision is IllnessGrant grant
            ? Enter(new Entry { Happened = new GrantPaid(grant.Grant, grant.BurdenBasic, grant.BurdenTilt), Before = Account,
                After = grant.After, Grant = grant, Standing = stand })
            : (null, (Refusal)decision);
    }

    private (Entry Entry, Refusal? Refusal) Enter(Entry entry)
    {
        entries.Add(entry);
        standing.Add(entry.Sequence, entry.Happened, entry.Amounts);
        Account = entry.After;
        return (entry, null);
    }
}
