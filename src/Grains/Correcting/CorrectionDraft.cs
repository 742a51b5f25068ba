using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Persons;
using Settlement.Policy;
using Settlement.Refusals;
using Claim = Settlement.Policy.Claim;

namespace Settlement.Correcting;

/// <summary>The entries of a correction, decided one on top of the other by the ordinary changes. Nothing is written here.</summary>
internal sealed class CorrectionDraft(
    LedgerKey correction, Adjudicator adjudicator, string person, CorrectionHistory history, PersonHead head, DateTimeOffset now)
{
    private readonly List<LedgerEntry> entries = [];
    private readonly List<CorrectedEntry> corrected = [];
    private readonly Dictionary<int, LedgerEntry?> inPlaceOf = [];

    /// <summary>The entries in order.</summary>
    public IReadOnlyList<LedgerEntry> Entries => entries;

    /// <summary>What was taken back and what stands for it, in the order of the ledger.</summary>
    public IReadOnlyList<CorrectedEntry> Corrected => corrected;

    /// <summary>Where the person stands after them.</summary>
    public PersonHead Head { get; private set; } = head;

    /// <summary>The wrong settlement and what stood on top of it.</summary>
    public CorrectionHistory History => history;

    /// <summary>Reverses what stands, newest first.</summary>
    public RefusalInfo? Reverse()
    {
        foreach (LedgerEntry target in history.Standing.Reverse())
        {
            ReverseChange reverse = new()
            {
                Origin = Reversals.Agency,
                RequestId = CorrectionIds.Reversal(correction, target.Sequence),
                Adjudicator = adjudicator,
                Person = person,
                SettlementId = target.RequestKey.ToString(),
                Known = (target, history.Before(target)),
                CorrectionId = correction.ToString(),
            };
            if (Take(reverse, target) is { } refusal) return refusal;
        }

        return null;
    }

    /// <summary>
    /// Settles again in the order of the ledger: the corrected claim in place of the wrong one, the later ones with their own.
    /// </summary>
    /// <param name="replacement">The corrected claim; null when the wrong one is taken back.</param>
    public RefusalInfo? SettleAgain(Claim? replacement)
    {
        foreach (LedgerEntry target in history.Standing)
        {
            bool isWrong = target.Sequence == history.Wrong.Sequence;
            CorrectedSettlement.Types.Role role = isWrong ? CorrectedSettlement.Types.Role.Wrong
                : target.Kind == LedgerEntryKind.Settlement ? CorrectedSettlement.Types.Role.Later
                : CorrectedSettlement.Types.Role.LaterAssistance;
            int before = entries.Count;
            string notice = "";
            RefusalInfo? refusal = role switch
            {
                CorrectedSettlement.Types.Role.LaterAssistance => AssistAgain(target, out notice),
                CorrectedSettlement.Types.Role.Wrong when replacement is null => null,
                _ => Settle(target, isWrong ? replacement! : CorrectionHistory.ClaimOf(target)),
            };
            if (refusal is not null) return refusal;
            LedgerEntry? made = entries.Count > before ? entries[^1] : null;
            if (target.Kind == LedgerEntryKind.Settlement) inPlaceOf[target.Sequence] = made;
            corrected.Add(new CorrectedEntry(role, target, made, notice));
        }

        return null;
    }

    private RefusalInfo? Settle(LedgerEntry target, Claim claim)
    {
        SettlementResult result = CorrectionHistory.ResultOf(target);
        LedgerKey charge = CorrectionHistory.ChargeOf(claim.Facility.Code, result);
        SettleChange settle = new()
        {
            Origin = claim.SettledBy,
            RequestId = CorrectionIds.Settlement(correction, target.Sequence),
            Event = EventCodec.Encode(new ClaimSettled(claim)),
            ChargeKey = charge,
            // What was reversed here, or before, makes room for the next generation, as after any reversal.
            ChargeGeneration = charge == target.ChargeKey ? target.ChargeGeneration + 1 : history.NextGeneration,
            Adjudicator = adjudicator,
            Request = new SettleRequest { Person = person, VisitId = result.VisitId, ChargeBatch = result.ChargeBatch },
            Claim = claim,
            Correction = new CorrectionPart(correction.ToString(), target.RequestKey.ToString()),
        };
        if (Take(settle, target) is { } refusal) return refusal;
        return entries[^1].BenefitYear == target.BenefitYear
            ? null
            : Refuse.CorrectionOtherYear(target.RequestKey.ToString(), entries[^1].BenefitYear, target.BenefitYear);
    }

    /// <summary>
    /// Claims assistance again for the settlement that stands now. Where none stands, or where it needs no application any more, nothing is
    /// claimed and the notice says so.
    /// </summary>
    private RefusalInfo? AssistAgain(LedgerEntry target, out string notice)
    {
        notice = "";
        int assisted = CorrectionHistory.AssistedBy(target);
        LedgerEntry? settlement = inPlaceOf.TryGetValue(assisted, out LedgerEntry? replaced) ? replaced : history.AssistedEarlier(assisted);
        if (settlement is null) notice = CorrectionNotices.AssistanceTakenBack;
        else if (CorrectionHistory.ResultOf(settlement).AssistanceReason.Length == 0) notice = CorrectionNotices.AssistanceAtOnce;
        if (notice.Length > 0) return null;
        return Take(
            new AssistLaterChange
            {
                Origin = Reversals.Agency,
                RequestId = CorrectionIds.Assistance(correction, target.Sequence),
                Adjudicator = adjudicator,
                Person = person,
                SettlementId = settlement!.RequestKey.ToString(),
                Known = settlement,
                Correction = new CorrectionPart(correction.ToString(), target.RequestKey.ToString()),
            },
            target);
    }

    private RefusalInfo? Take<TAnswer>(Change<TAnswer> change, LedgerEntry target)
        where TAnswer : class
    {
        Change<TAnswer>.Proposal proposal = change.Propose(Head, now);
        if (proposal.Refusal is { } ground) return Refuse.CorrectionRefused(target.RequestKey.ToString(), ground);
        LedgerEntry entry = proposal.Entry!;
        entries.Add(entry);
        Head = new PersonHead(entry.Sequence, entry.Hash, proposal.After!);
        return null;
    }
}

/// <summary>An entry that a correction took back, what stands for it (null when nothing does), and what the agency must be told.</summary>
internal sealed record CorrectedEntry(CorrectedSettlement.Types.Role Role, LedgerEntry Was, LedgerEntry? Is, string Notice);

/// <summary>Words of the contract for what a correction notices.</summary>
internal static class CorrectionNotices
{
    public const string AssistanceClaimable = "ASSISTANCE_CLAIMABLE";
    public const string AssistanceAtOnce = "ASSISTANCE_AT_ONCE";
    public const string AssistanceTakenBack = "ASSISTANCE_TAKEN_BACK";
    public const string AlertRaised = "ALERT_RAISED";
    public const string AlertWithdrawn = "ALERT_WITHDRAWN";
}
