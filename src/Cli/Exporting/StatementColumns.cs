using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Exporting;

/// <summary>
/// A settlement, or the reversal of one with negative amounts, under the names of the national interface as far as it has any.
/// docs/data.md lists them.
/// </summary>
internal static class StatementColumns
{
    /// <summary>The columns, in the order in which they stand; new ones are added at the end.</summary>
    public static IReadOnlyList<Column<SettledEntry>> Of(ShownPersons persons) =>
    [
        new("setl_id", static row => Cell.Of(row.Settled.RequestKey.ToString())),
        new("refd_setl_flag", static row => Cell.Of(row.IsReversal ? 1 : 0)),
        new("reversal_id", static row => Cell.Of(row.ReversedBy()?.RequestKey.ToString() ?? "")),
        new("reversed_at", static row => Cell.Of(row.ReversedBy() is { } reversal ? ExportSelection.Text(reversal.RecordedAt) : "")),
        new("msgid", static row => Cell.Foreign(row.Settled.RequestId)) { IsPersonal = true },
        new("psn_no", row => Cell.Foreign(persons.Of(row.Entry.PersonId))),
        new("mdtrt_id", static row => Cell.Foreign(row.Result.VisitId)) { IsPersonal = true },
        new("chrg_bchno", static row => Cell.Foreign(row.Result.ChargeBatch)) { IsPersonal = true },
        new("fixmedins_code", static row => Cell.Foreign(row.Claim.Facility.Code)),
        new("insuplc_admdvs", static row => Cell.Of(WireClaim.Division(row.Entry.Region))),
        new("insutype", static row => Cell.Of((long)SchemeOf(row))),
        new("visit_type", static row => Cell.Of(row.Claim.VisitType.Text())),
        new("clr_type", static row => Cell.Of((long)ClearingTypeOf(row))),
        new("channel", static row => Cell.Of(row.Claim.ReceivedByHand is null ? "COUNTER" : "MANUAL")),
        new("begndate", static row => Cell.Of(row.Claim.AdmissionDate is { } admitted ? WireClaim.Day(admitted) : "")),
        new("enddate", static row => Cell.Of(WireClaim.Day(row.Claim.DischargeDate))),
        new("benefit_year", static row => Cell.Of(row.Entry.BenefitYear)),
        new("setl_time", static row => Cell.Of(ExportSelection.Text(row.Entry.RecordedAt))),
        Amount("medfee_sumamt", static row => row.Entry.Total),
        Amount("fulamt_ownpay_amt", static row => row.Result.Totals.SelfFunded),
        Amount("overlmt_selfpay", static row => row.Result.Totals.OverLimit),
        Amount("preselfpay_amt", static row => row.Result.Totals.PreSelfPay),
        Amount("inscp_scp_amt", static row => row.Result.Totals.InScope),
        Amount("act_pay_dedc", static row => row.Result.DeductiblePaid),
        Amount("hifp_pay", static row => row.Entry.Pooled),
        Amount("hifmi_pay", static row => row.IsEmployee() ? 0 : row.Entry.SeriousIllness),
        Amount("hifob_pay", static row => row.IsEmployee() ? row.Entry.SeriousIllness : 0),
        Amount("maf_pay", static row => Assistance(row.Entry)),
        Amount("assistance_basic", static row => row.Entry.AssistanceBasic),
        Amount("assistance_tilt", static row => row.Entry.AssistanceTilt),
        Amount("assistance_outpatient", static row => row.Entry.AssistanceOutpatient),
        Amount("assistance_other", static row => row.Entry.AssistanceOther),
        Amount("fund_pay_sumamt", static row => row.Entry.Pooled + row.Entry.SeriousIllness + Assistance(row.Entry)),
        Amount("psn_part_amt", static row => row.Entry.PersonPays),
        new("policy", static row => Cell.Of(row.Result.Policy)),
        new("correction_id", static row => Cell.Of(row.Reversed?.CorrectionId ?? row.Result.CorrectionId)),
        new("replaces", static row => Cell.Of(row.IsReversal ? "" : row.Result.Replaces)),
        new("sequence", static row => Cell.Of(row.Entry.Sequence)),
        new("position", static row => Cell.Of(row.Entry.Position)),
    ];

    private static Column<SettledEntry> Amount(string name, Func<SettledEntry, long> get) =>
        new(name, row => Cell.Of(row.Sign * get(row))) { IsSummed = true };

    private static LedgerEntry? ReversedBy(this SettledEntry row) => row.IsReversal ? row.Entry : row.Reversal;

    private static bool IsEmployee(this SettledEntry row) => row.Claim.Scheme == Policy.Scheme.Employee;

    private static Contract.Scheme.Types.Kind SchemeOf(SettledEntry row) =>
        row.IsEmployee() ? Contract.Scheme.Types.Kind.Employee : Contract.Scheme.Types.Kind.Resident;

    private static Clearing.Types.Type ClearingTypeOf(SettledEntry row) =>
        row.Claim.IsAdmission ? Clearing.Types.Type.Inpatient : Clearing.Types.Type.Outpatient;

    private static long Assistance(LedgerEntry entry) =>
        entry.AssistanceBasic + entry.AssistanceTilt + entry.AssistanceOutpatient + entry.AssistanceOther;
}
