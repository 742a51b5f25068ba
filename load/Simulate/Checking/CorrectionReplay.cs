using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Refusals;

namespace Settlement.Simulate;

/// <summary>What one entry of a correction must be.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Event">What it records, encoded.</param>
/// <param name="Charge">The charge it settles, if any.</param>
/// <param name="After">The account after it.</param>
internal sealed record ReplayedEntry(LedgerEntryKind Kind, byte[] Event, LedgerKey? Charge, Account After);

/// <summary>What a correction comes to by a serial run of the rules, or why it is refused.</summary>
/// <param name="Entries">The entries before the one that closes it.</param>
/// <param name="Replaced">How many entries it takes back.</param>
/// <param name="Before">What the person had paid of them, fen.</param>
/// <param name="After">What the person pays now, fen.</param>
/// <param name="Refused">Code of the refusal, or null.</param>
internal sealed record ReplayedCorrection(IReadOnlyList<ReplayedEntry> Entries, int Replaced, long Before, long After, string? Refused);

/// <summary>
/// Plays a correction on a person as the person stood at a version: what stands from the wrong settlement on is taken back, newest first,
/// and settled again in its order. Knows the rules and the entries, nothing of how the product makes a correction.
/// </summary>
internal sealed class CorrectionReplay(Adjudicator adjudicator)
{
    /// <summary>Plays it. Null when the settlement to correct is not in the ledger, or was not yet at that version.</summary>
    /// <param name="operation">What was asked.</param>
    /// <param name="person">The person.</param>
    /// <param name="version">How many entries the person had.</param>
    /// <param name="wrong">The settlement to correct.</param>
    public ReplayedCorrection? Play(Operation operation, PersonModel person, int version, LedgerEntry? wrong) =>
        wrong is not null && wrong.Sequence <= version ? new Run(adjudicator, operation, person, version, wrong).Play() : null;

    private sealed class Run(Adjudicator adjudicator, Operation operation, PersonModel person, int version, LedgerEntry wrong)
    {
        private readonly List<ReplayedEntry> entries = [];
        private readonly Dictionary<int, (AssistedSettlement Settled, AssistanceReason Reason)?> inPlaceOf = [];
        private readonly IReadOnlyList<LedgerEntry> standing = person.StandingFrom(wrong, version);
        private Account account = person.Accounts[version];
        private long paid;

        private int Next => version + entries.Count + 1;

        public ReplayedCorrection Play()
        {
            Claim? replacement = operation.Correction.Claim is { } claim ? Claims.ToPolicy(claim) : null;
            string? refused = standing.Count == 0 ? RefusalCode.AlreadyReversed.Text()
                : ChargeOf(wrong, replacement) is { } charge && charge != wrong.ChargeKey && person.IsSettled(charge, version)
                    ? RefusalCodes.ChargeConflict
                : TakeBack() ?? SettleAgain(replacement);
            long before = standing.Sum(static entry => entry.Kind == LedgerEntryKind.Settlement ? entry.PersonPays : -entry.Total);
            return new ReplayedCorrection(entries, standing.Count, before, paid, refused);
        }

        private string? TakeBack()
        {
            foreach (LedgerEntry target in standing.Reverse())
            {
                SettledEntry settled = new(target.Origin, target.BenefitYear, target.Sequence, AlreadyReversed: false);
                (Account before, Account after) = (person.Accounts[target.Sequence - 1], person.Accounts[target.Sequence]);
                if (Reversals.Reverse(account, settled, before, after, Reversals.Agency, Next).After is not { } reversed)
                    return RefusalCodes.CorrectionRefused;
                Add(LedgerEntryKind.Reversal, new SettlementReversed(target.Sequence, Reversals.Agency), null, reversed);
            }

            return null;
        }

        private string? SettleAgain(Claim? replacement)
        {
            foreach (LedgerEntry target in standing)
            {
                string? refused = target.Kind == LedgerEntryKind.AssistanceLater ? Assist(target)
                    : Settle(target, target.Sequence == wrong.Sequence
                        ? replacement
                        : ((ClaimSettled)EventCodec.Decode(target.Event.Span)).Claim);
                if (refused is not null) return refused;
            }

            return null;
        }

        private string? Settle(LedgerEntry target, Claim? claim)
        {
            inPlaceOf[target.Sequence] = null;
            if (claim is null) return null;
            int sequence = Next;
            if (adjudicator.Settle(account, claim, sequence) is not Adjudication settled) return RefusalCodes.CorrectionRefused;
            if (settled.BenefitYear != wrong.BenefitYear) return RefusalCodes.CorrectionOtherYear;
            inPlaceOf[target.Sequence] = (
                new AssistedSettlement(claim, settled.Amounts, settled.OutOfAreaKind, sequence), settled.AssistanceReason);
            paid += settled.Amounts.PersonPays;
            Add(LedgerEntryKind.Settlement, new ClaimSettled(claim), ChargeOf(target, claim), settled.After);
            return null;
        }

        /// <summary>Claims assistance again, where a settlement stands for which it is still to be claimed.</summary>
        private string? Assist(LedgerEntry target)
        {
            int assisted = (int)((AssistanceLater)EventCodec.Decode(target.Event.Span)).Sequence;
            AssistedSettlement? settled;
            if (!inPlaceOf.TryGetValue(assisted, out (AssistedSettlement Settled, AssistanceReason Reason)? again))
                settled = StoredAnswer.AsSettled(person.At(assisted));
            else settled = again is { Reason: not AssistanceReason.None } ? again.Value.Settled : null;
            if (settled is null) return null;
            if (adjudicator.AssistLater(account, settled, Next) is not Adjudication decided) return RefusalCodes.CorrectionRefused;
            paid -= decided.Amounts.Assistance;
            Add(LedgerEntryKind.AssistanceLater, new AssistanceLater(settled.Sequence), null, decided.After);
            return null;
        }

        private void Add(LedgerEntryKind kind, PersonEvent happened, LedgerKey? charge, Account after)
        {
            entries.Add(new ReplayedEntry(kind, EventCodec.Encode(happened), charge, after));
            account = after;
        }

        /// <summary>The charge of an entry's visit at the hospital of a claim.</summary>
        private LedgerKey? ChargeOf(LedgerEntry target, Claim? claim) => claim is null ? null
            : claim.Facility.Code == target.Origin ? target.ChargeKey
            : LedgerKey.ForCharge(claim.Facility.Code, operation.Target!.Settle.VisitId, operation.Target.Settle.ChargeBatch);
    }
}
