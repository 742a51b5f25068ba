using Settlement.Contract;
using Settlement.Persons;
using Settlement.Refusals;

namespace Settlement.Visits;

/// <summary>The reports of one visit and what they add up to.</summary>
internal sealed class VisitFile
{
    /// <summary>Most charges of one visit: more than any claim may hold.</summary>
    private const int MaxCharges = 20_000;

    private readonly Dictionary<string, VisitReport> reports = [];

    /// <summary>A report or question about a visit nobody opened.</summary>
    public static RefusalInfo Unknown { get; } = new(
        RefusalCodes.NotFound, "There is no such visit of this facility.", "没有该就诊登记。", new Dictionary<string,
        string> { ["field"] = "mdtrt_id" });

    /// <summary>Reports so far.</summary>
    public int Count => reports.Count;

    /// <summary>Whether the visit was opened.</summary>
    public bool Exists => Count > 0;

    /// <summary>What the reports add up to.</summary>
    public VisitState State { get; } = new() { Facts = new VisitFacts() };

    /// <summary>The report of a message, or null.</summary>
    public VisitReport? Find(string messageId) => reports.GetValueOrDefault(messageId);

    /// <summary>Why a report cannot be taken, or null.</summary>
    public RefusalInfo? Fault(VisitReport report)
    {
        if (report.Kind == VisitReport.Types.Kind.Voided) return Exists && report.Person != State.Person ? OtherPerson(report) : null;
        if (report.Kind != VisitReport.Types.Kind.Opened)
        {
            if (!Exists) return Unknown;
            if (report.Person != State.Person) return OtherPerson(report);
        }
        else if (Exists)
        {
            return Conflict("mdtrt_id", "", "a visit neither opened nor voided before", "该就诊已登记或已冲正");
        }

        if (State.Cancelled) return Conflict("mdtrt_id", "", "a visit that is not cancelled", "该就诊登记已撤销");
        return report.Kind switch
        {
            VisitReport.Types.Kind.EndWithdrawn when State.Facts.End.Length == 0 =>
                Conflict("mdtrt_id", "", "a visit that has ended", "该就诊尚未办理出院"),
            VisitReport.Types.Kind.Cancelled when State.Charges.Count > 0 =>
                Conflict("mdtrt_id", "", "a visit without charges: withdraw them first", "该就诊仍有费用明细，请先撤销费用明细"),
            VisitReport.Types.Kind.Charged => ChargeFault(report),
            VisitReport.Types.Kind.ChargesWithdrawn => WithdrawalFault(report),
            _ => null,
        };
    }

    /// <summary>Takes a report that <see cref="Fault"/> let pass, or that is kept already.</summary>
    public void Add(VisitReport report)
    {
        reports.Add(report.MessageId, report);
        switch (report.Kind)
        {
            case VisitReport.Types.Kind.Opened:
                State.Person = report.Person;
                Merge(report.Facts);
                break;
            case VisitReport.Types.Kind.Described or VisitReport.Types.Kind.Ended:
                Merge(report.Facts);
                break;
            case VisitReport.Types.Kind.EndWithdrawn:
                State.Facts.End = "";
                break;
            case VisitReport.Types.Kind.Charged:
                State.Charges.Add(report.Charges);
                break;
            case VisitReport.Types.Kind.ChargesWithdrawn:
                Withdraw(report);
                break;
            case VisitReport.Types.Kind.Cancelled or VisitReport.Types.Kind.Voided:
                State.Person = report.Person;
                State.Cancelled = true;
                break;
            default:
                throw new InvalidDataException($"A report of a visit has the kind {report.Kind}, which this program does not know.");
        }
    }

    private static RefusalInfo OtherPerson(VisitReport report) =>
        Conflict("psn_no", PersonId.Mask(report.Person), "the person of the visit", "与就诊登记的人员不一致");

    private RefusalInfo? ChargeFault(VisitReport report)
    {
        if (State.Charges.Count + report.Charges.Count > MaxCharges)
            return Conflict(
                "feedetail", $"{State.Charges.Count + report.Charges.Count}", $"at most {MaxCharges} lines of one visit",
                $"一次就诊最多{MaxCharges}条明细");
        HashSet<string> ids = [.. State.Charges.Select(charge => charge.Id)];
        foreach (VisitCharge charge in report.Charges)
        {
            if (!ids.Add(charge.Id)) return Conflict("feedetl_sn", charge.Id, "a line not charged yet", "该费用明细已上传");
        }

        return null;
    }

    private RefusalInfo? WithdrawalFault(VisitReport report)
    {
        foreach (string id in report.Withdrawn)
        {
            if (!State.Charges.Any(charge => charge.Id == id)) return Conflict("feedetl_sn", id, "a line that stands charged", "没有该费用明细");
        }

        return report.WithdrawnBatch.Length > 0 && !State.Charges.Any(charge => charge.Batch == report.WithdrawnBatch)
            ? Conflict("chrg_bchno", report.WithdrawnBatch, "a batch that stands charged", "没有该收费批次的费用明细")
            : null;
    }

    private void Withdraw(VisitReport report)
    {
        HashSet<string> ids = [.. report.Withdrawn];
        VisitCharge[] left = [.. State.Charges.Where(charge =>
            !(report.WithdrawAll || ids.Contains(charge.Id)
                || (report.WithdrawnBatch.Length > 0 && charge.Batch == report.WithdrawnBatch)))];
        State.Charges.Clear();
        State.Charges.Add(left);
    }

    private void Merge(VisitFacts facts)
    {
        VisitFacts known = State.Facts;
        if (facts.Scheme != Scheme.Types.Kind.Unspecified) known.Scheme = facts.Scheme;
        if (facts.VisitType != Visit.Types.Type.Unspecified)
            (known.VisitType, known.Emergency, known.Referral) = (facts.VisitType, facts.Emergency, facts.Referral);
        if (facts.Begin.Length > 0) known.Begin = facts.Begin;
        if (facts.End.Length > 0) known.End = facts.End;
        if (facts.Disease.Length > 0) known.Disease = facts.Disease;
        if (facts.Pregnancy.Length > 0) known.Pregnancy = facts.Pregnancy;
        if (facts.Diagnoses.Count == 0) return;
        known.Diagnoses.Clear();
        known.Diagnoses.Add(facts.Diagnoses);
    }

    private static RefusalInfo Conflict(string field, string value, string rule, string ruleZh) => new(
        RefusalCodes.VisitConflict,
        value.Length > 0 ? $"{field} is '{value}': expected {rule}." : $"{field}: expected {rule}.",
        value.Length > 0 ? $"字段 {field} 的值“{value}”与已有就诊信息冲突：{ruleZh}。" : $"字段 {field} 与已有就诊信息冲突：{ruleZh}。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = value, ["rule"] = rule });
}
