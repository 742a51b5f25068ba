using System.Collections.Immutable;
using System.Globalization;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>
/// Computes an entry anew from the account before it, as a serial run of the rules would have had it, and compares every figure; then
/// looks at caps and sums in ways that the rules do not.
/// </summary>
internal sealed class RuleReplay(Pack pack, IReadOnlyDictionary<CounterId, long>? given = null)
{
    // Caps that hold for everybody; the verifier of the rules knows those that depend on the person.
    private static readonly (CounterId Counter, Parameter Cap)[] Yearly =
        [(CounterId.PooledPaid, Parameter.PooledYearlyCap), (CounterId.AssistanceBasicPaid, Parameter.AssistanceBasicCap)];

    private readonly IReadOnlyDictionary<CounterId, long> caps = given
        ?? Yearly.ToDictionary(static pair => pair.Counter, pair => CapOf(pack, pair.Cap));

    /// <summary>The rules.</summary>
    public Adjudicator Adjudicator { get; } = new(PolicyCatalogue.Of(pack));

    /// <summary>What an entry gets wrong, or null.</summary>
    public Violation? Check(PersonModel person, LedgerEntry entry)
    {
        PersonEvent happened = EventCodec.Decode(entry.Event.Span);
        AssistedSettlement? assisted = happened is AssistanceLater later ? StoredAnswer.AsSettled(person.At((int)later.Sequence)) : null;
        StoredSettlement? stored = assisted is null ? StoredAnswer.Of(entry) : null;
        if (stored is { Amounts: var amounts } && !AreColumns(entry, amounts))
            return new Violation(
                Invariant.SerialReplay, $"{entry.PersonId} entry {entry.Sequence}: the columns are not the amounts of the answer");
        IReadOnlyList<Settlement.Policy.Violation> found = EntryVerifier.Verify(
            person.Newest,
            happened,
            pack,
            assisted is null ? stored : StoredAnswer.WithLater(assisted, entry),
            entry.AccountAfter.Span,
            entry.Sequence,
            happened is SettlementReversed reversal ? Reversed(person, (int)reversal.Sequence) : null,
            assisted,
            happened is GrantPaid ? Standing(person) : default);
        if (found.Count == 0) return null;
        Invariant broken = found.Any(static one => one.Code == ViolationCode.CapExceeded) ? Invariant.Cap : Invariant.SerialReplay;
        return new Violation(
            broken, $"{entry.PersonId} entry {entry.Sequence}: {string.Join("; ", found.Select(static one => $"{one.Code} {one.Detail}"))}");
    }

    /// <summary>What is wrong with the account after an entry, or null. The person's sums include the entry already.</summary>
    public Violation? CheckAfter(PersonModel person, LedgerEntry entry, Account after)
    {
        if (entry.Kind is not (LedgerEntryKind.Settlement or LedgerEntryKind.Reversal or LedgerEntryKind.AssistanceLater)) return null;
        foreach ((CounterId counter, long cap) in caps)
        {
            long value = after.Counter(counter, entry.BenefitYear);
            if (value < 0 || value > cap)
                return new Violation(
                    Invariant.Cap,
                    $"{entry.PersonId} entry {entry.Sequence}: {CounterNames.NameOf(counter)} is {value} fen, its cap {cap} fen");
        }

        return person.Unequal(entry.BenefitYear, after) is { } unequal
            ? new Violation(Invariant.Fold, $"{entry.PersonId} entry {entry.Sequence}: {unequal}")
            : null;
    }

    private static bool AreColumns(LedgerEntry entry, in Amounts amounts) =>
        (entry.Total, entry.Pooled, entry.SeriousIllness, entry.AssistanceBasic, entry.AssistanceTilt, entry.AssistanceOutpatient,
            entry.AssistanceOther, entry.PersonPays)
        == (amounts.Total, amounts.Pooled, amounts.SeriousIllness, amounts.AssistanceBasic, amounts.AssistanceTilt,
            amounts.AssistanceOutpatient, amounts.AssistanceOther, amounts.PersonPays);

    private static ReversedSettlement? Reversed(PersonModel person, int sequence) => person.At(sequence) is { } target
        ? new ReversedSettlement(
            new SettledEntry(target.Origin, target.BenefitYear, sequence, person.IsReversed(sequence)), person.Accounts[sequence - 1],
                person.Accounts[sequence])
        : null;

    private static ImmutableArray<GrantSettlement> Standing(PersonModel person)
    {
        StandingSettlements standing = new();
        foreach (LedgerEntry entry in person.Entries)
            standing.Add(entry.Sequence, EventCodec.Decode(entry.Event.Span), StoredAnswer.AmountsOf(entry));
        return standing.ToImmutable();
    }

    private static long CapOf(Pack pack, Parameter parameter) =>
        pack.Find(Scheme.Resident, parameter)?.On(Claims.FirstDay) is { Cells: [{ } only] }
            ? long.Parse(only.Text, NumberStyles.None, CultureInfo.InvariantCulture) * 100
            : throw new InvalidDataException($"The pack {pack.Name} gives no single value of {parameter} in yuan.");
}
