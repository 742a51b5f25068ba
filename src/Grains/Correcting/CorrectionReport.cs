using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Mapping;
using Settlement.Policy;
using Account = Settlement.Policy.Account;
using Claim = Settlement.Policy.Claim;
using Role = Settlement.Contract.CorrectedSettlement.Types.Role;

namespace Settlement.Correcting;

/// <summary>The report of a correction: what each settlement had paid, what is paid now, and what is due to or from the person.</summary>
internal sealed class CorrectionReport(Adjudicator adjudicator, Account before, CorrectionDraft draft)
{
    /// <summary>The report; ids of the request, sequence and time are the caller's to fill in.</summary>
    public CorrectResponse ToAnswer()
    {
        CorrectResponse answer = new() { BenefitYear = draft.History.Wrong.BenefitYear, Before = new Payments(), After = new Payments() };
        foreach (CorrectedEntry corrected in draft.Corrected)
        {
            CorrectedSettlement row = Row(corrected);
            answer.Settlements.Add(row);
            answer.Before = PaymentMath.Add(answer.Before, row.Before);
            answer.After = PaymentMath.Add(answer.After, row.After);
        }

        answer.ReplacedBy = answer.Settlements[0].ReplacedBy;
        answer.Difference = PaymentMath.Subtract(answer.After, answer.Before);
        (answer.Refund, answer.Collect) = PaymentMath.Due(answer.Difference);
        answer.Notices.Add(Alerts.Between(before, draft.Head.Account)
            .Select(alert => alert.Raised ? CorrectionNotices.AlertRaised : CorrectionNotices.AlertWithdrawn).Distinct());
        (answer.Text, answer.TextZh) = Texts(CorrectionOutcome.Total, "", answer.Before, answer.After, answer.Difference);
        return answer;
    }

    /// <summary>Takes the ids of entries out that a preview did not write.</summary>
    public static void ForgetWhatWasNotWritten(CorrectResponse answer)
    {
        answer.Preview = true;
        answer.ReplacedBy = "";
        foreach (CorrectedSettlement row in answer.Settlements) (row.ReplacedBy, row.ReversalId) = ("", "");
    }

    private CorrectedSettlement Row(CorrectedEntry corrected)
    {
        LedgerEntry was = corrected.Was;
        CorrectedSettlement row = new()
        {
            Role = corrected.Role,
            SettlementId = was.RequestKey.ToString(),
            ReplacedBy = corrected.Is?.RequestKey.ToString() ?? "",
            ReversalId = draft.Entries.First(entry => entry.Reverses == was.Sequence).RequestKey.ToString(),
            Facility = was.Origin,
            DischargeDate = Dates.Text(was.EffectiveDate),
            Before = PaymentMath.Of(was),
            After = corrected.Is is { } entry ? PaymentMath.Of(entry) : new Payments(),
        };
        row.Difference = PaymentMath.Subtract(row.After, row.Before);
        (row.Refund, row.Collect) = PaymentMath.Due(row.Difference);
        AddNotices(row, corrected);
        (row.Text, row.TextZh) = Texts(OutcomeOf(corrected), row.SettlementId, row.Before, row.After, row.Difference);
        return row;
    }

    private void AddNotices(CorrectedSettlement row, CorrectedEntry corrected)
    {
        if (corrected.Notice.Length > 0) row.Notices.Add(corrected.Notice);
        ReversalNotice grant = corrected.Role == Role.LaterAssistance ? GrantNoticeOfAssistance(row, corrected) : GrantNotice(corrected);
        if (grant != ReversalNotice.None) row.Notices.Add(grant.Text());
        // The note that assistance may be claimed is kept under the settlement's own sequence.
        if (corrected.Is is { Kind: LedgerEntryKind.Settlement } settled
            && draft.Head.Account.Counters[CounterId.DeferredAssistance, $"{settled.Sequence}"] != 0)
            row.Notices.Add(CorrectionNotices.AssistanceClaimable);
    }

    private ReversalNotice GrantNotice(CorrectedEntry corrected) => Corrections.Notice(
        adjudicator, before, Settled(corrected.Was), corrected.Is is { } settled ? Settled(settled) : null);

    private ReversalNotice GrantNoticeOfAssistance(CorrectedSettlement row, CorrectedEntry corrected)
    {
        if (row.Difference.PersonPays == 0) return ReversalNotice.None;
        int assisted = CorrectionHistory.AssistedBy(corrected.Was);
        LedgerEntry settlement = draft.Corrected.FirstOrDefault(other => other.Was.Sequence == assisted)?.Was
            ?? draft.History.AssistedEarlier(assisted);
        return adjudicator.NoticeOnReversal(before, CorrectionHistory.ClaimOf(settlement));
    }

    private static (Claim Claim, Amounts Amounts) Settled(LedgerEntry entry) =>
        (CorrectionHistory.ClaimOf(entry), StoredResult.AmountsOf(entry));

    private static CorrectionOutcome OutcomeOf(CorrectedEntry corrected) => (corrected.Role, corrected.Is) switch
    {
        (Role.LaterAssistance, null) => CorrectionOutcome.AssistanceTakenBack,
        (Role.LaterAssistance, _) => CorrectionOutcome.AssistedAgain,
        (_, null) => CorrectionOutcome.TakenBack,
        _ => CorrectionOutcome.SettledAgain,
    };

    private static (string En, string Zh) Texts(
        CorrectionOutcome outcome, string settlement, Payments before, Payments after, Payments difference)
    {
        return (In(Language.En), In(Language.Zh));

        string In(Language language) => Explainer.Default.Explain(
            outcome, settlement, PaymentMath.Funds(before), PaymentMath.Funds(after), difference.PersonPays, language);
    }
}
