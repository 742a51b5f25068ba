using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Account = Settlement.Policy.Account;
using Counter = Settlement.Policy.Counter;

namespace Settlement.Simulate;

/// <summary>Holds a correction, once it is closed, against what was asked and what a serial run of the rules makes of it.</summary>
internal sealed class CorrectionChecker(HistoryChecker history, CorrectionReplay replay)
{
    private const string Prefix = "CORRECTION-";

    /// <summary>Key of the correction that an entry belongs to, or null.</summary>
    public static LedgerKey? CorrectionOf(LedgerEntry entry) =>
        entry.Kind == LedgerEntryKind.Correction ? entry.RequestKey
        : entry.RequestId.StartsWith(Prefix, StringComparison.Ordinal)
            ? LedgerKey.Parse(entry.RequestId.AsSpan()[Prefix.Length..entry.RequestId.LastIndexOf('-')])
        : null;

    /// <summary>What of a correction is not as it must be, or null.</summary>
    /// <param name="person">The person, the correction's entries included.</param>
    /// <param name="first">Sequence of the correction's first entry.</param>
    /// <param name="closing">The entry that closes it.</param>
    /// <param name="operation">What was asked.</param>
    public string? Differs(PersonModel person, int first, LedgerEntry closing, Operation operation)
    {
        LedgerEntry? wrong = history.EntryOf(operation.Target!.RequestKey);
        Policy.Claim? replacement = operation.Correction.Claim is { } claim ? Claims.ToPolicy(claim) : null;
        if (replay.Play(operation, person, first - 1, wrong) is not { Refused: null } expected)
            return "a serial run of the rules refuses it";
        if (!closing.Event.Span.SequenceEqual(
            EventCodec.Encode(new SettlementsCorrected(wrong!.Sequence, first, replacement, operation.Correction.Reason))))
            return "it records another correction than was asked";
        if (closing.Sequence != first + expected.Entries.Count)
            return $"it has {closing.Sequence - first} entries, a serial run gives {expected.Entries.Count}";
        for (int i = 0; i < expected.Entries.Count; i++)
        {
            ReplayedEntry replayed = expected.Entries[i];
            LedgerEntry entry = person.At(first + i)!;
            if (entry.Kind != replayed.Kind || entry.ChargeKey != replayed.Charge || !entry.Event.Span.SequenceEqual(replayed.Event)
                || !entry.AccountAfter.Span.SequenceEqual(AccountCodec.Encode(replayed.After)))
                return $"entry {entry.Sequence} is not the {replayed.Kind} that a serial run gives";
        }

        // Taken back, the year is as it was before the wrong settlement, whatever was settled and reversed since.
        if (!YearOf(person.Accounts[first - 1 + expected.Replaced], wrong.BenefitYear)
            .SequenceEqual(YearOf(person.Accounts[wrong.Sequence - 1], wrong.BenefitYear)))
            return $"taken back, the counters of {wrong.BenefitYear} are not those before entry {wrong.Sequence}";
        CorrectResponse report = CorrectResponse.Parser.ParseFrom(closing.Answer.Span);
        return (report.Settlements.Count, report.Before.PersonPays, report.After.PersonPays) == (
            expected.Replaced, expected.Before, expected.After)
            ? null
            : "its report is not that of its entries";
    }

    private static IEnumerable<Counter> YearOf(Account account, int year) =>
        account.Counters.Yearly.ToArray().Where(counter => counter.Key.Year == year && counter.Value != 0);
}
