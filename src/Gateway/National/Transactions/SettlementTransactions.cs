using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Persons;
using Settlement.Refusals;
using Type = Settlement.Contract.Visit.Types.Type;

namespace Settlement.Gateway.National.Transactions;

/// <summary>预结算, 结算 and 结算撤销, of outpatients and inpatients.</summary>
internal sealed class SettlementTransactions(SettlementOperations settlements, VisitOperations visits, ClaimFacts facts, TimeProvider time)
{
    /// <summary>The batch of a settlement that names none: inpatient visits are settled as a whole.</summary>
    private const string WholeVisit = "1";

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>2206 门诊预结算.</summary>
    public Task<TransactionAnswer> QuoteOutpatient(NationalRequest request) => Quote(request, inpatient: false);

    /// <summary>2303 住院预结算.</summary>
    public Task<TransactionAnswer> QuoteInpatient(NationalRequest request) => Quote(request, inpatient: true);

    /// <summary>2207 门诊结算.</summary>
    public Task<TransactionAnswer> SettleOutpatient(NationalRequest request) => Settle(request, inpatient: false);

    /// <summary>2304 住院结算.</summary>
    public Task<TransactionAnswer> SettleInpatient(NationalRequest request) => Settle(request, inpatient: true);

    /// <summary>2208 门诊结算撤销.</summary>
    public Task<TransactionAnswer> ReverseOutpatient(NationalRequest request) => Reverse(request, inpatient: false);

    /// <summary>2305 住院结算撤销.</summary>
    public Task<TransactionAnswer> ReverseInpatient(NationalRequest request) => Reverse(request, inpatient: true);

    private async Task<TransactionAnswer> Quote(NationalRequest request, bool inpatient)
    {
        Fields data = request.Input.Object("data");
        CheckCertificate(data);
        // A quote in mid-stay is one for a discharge today.
        string today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(China).DateTime).ToString("yyyy-MM-dd");
        Claim claim = await Claim(request, data, inpatient, endOfOpenStay: today);
        QuoteResponse quote = await settlements.Quote(new QuoteRequest { Person = data.Person(), Claim = claim }, request.Caller);
        SettlementResult result = quote.Result;
        (result.VisitId, result.ChargeBatch) = (data.Id("mdtrt_id"), Batch(data));
        return new TransactionAnswer(json => SettlementInfo.Write(json, result, claim, Echo(data)), AccountWarning(data));
    }

    private async Task<TransactionAnswer> Settle(NationalRequest request, bool inpatient)
    {
        Fields data = request.Input.Object("data");
        CheckCertificate(data);
        Claim claim = await Claim(request, data, inpatient, endOfOpenStay: "");
        SettleAnswer answer = await settlements.Settle(
            new SettleRequest
            {
                RequestId = request.MessageId,
                Person = data.Person(),
                VisitId = data.Id("mdtrt_id"),
                ChargeBatch = Batch(data),
                Claim = claim,
            },
            request.Caller);
        SettleResponse settled = answer.Message;
        string warning = settled.AlreadySettled is { } first
            ? $"[{first.Code}] 该收费批次已由报文{first.FirstRequestId}结算，本报文未重复结算。"
            : AccountWarning(data);
        return new TransactionAnswer(json => SettlementInfo.Write(json, settled.Result, claim, Echo(data)), warning);
    }

    private async Task<TransactionAnswer> Reverse(NationalRequest request, bool inpatient)
    {
        Fields data = request.Input.Object("data");
        string settlementId = data.Id("setl_id");
        SettlementView view = await settlements.GetSettlement(
            new GetSettlementRequest { SettlementId = settlementId, Person = data.Person() }, request.Caller);
        if (view.Result.VisitId != data.Id("mdtrt_id"))
            throw Check.Invalid(data.Name("mdtrt_id"), data.Id("mdtrt_id"), $"the visit of settlement {settlementId}", "与该结算的就诊不一致");
        if (IsInpatient(view.Claim.VisitType) != inpatient)
        {
            (string expected, string inChinese) = inpatient
                ? ("an inpatient settlement", "应为住院结算")
                : ("an outpatient settlement", "应为门诊结算");
            throw Check.Invalid(data.Name("setl_id"), settlementId, expected, inChinese);
        }

        ReverseResponse reversed = await settlements.Reverse(
            new ReverseRequest { RequestId = request.MessageId, Person = data.Person(), SettlementId = settlementId }, request.Caller);
        return new TransactionAnswer(json => SettlementInfo.Write(json, reversed.Reversed, view.Claim, new SettlementEcho("", "")));
    }

    /// <summary>
    /// The claim: what was reported of the visit, and what this message says. A visit nobody reported must be told whole in the message.
    /// </summary>
    private async Task<Claim> Claim(NationalRequest request, Fields data, bool inpatient, string endOfOpenStay)
    {
        VisitState? visit = await visits.Find(data.Id("mdtrt_id"), request.Caller);
        if (visit is { Cancelled: true })
            throw Conflict(data.Name("mdtrt_id"), data.Id("mdtrt_id"), "a visit that is not cancelled", "该就诊登记已撤销");
        if (visit is not null && visit.Person != data.Person())
            throw Conflict(data.Name("psn_no"), "****", "the person of the visit", "与就诊登记的人员不一致");
        VisitFacts told = facts.Read(request, data);
        (told.Begin, told.End) = (data.DayOrEmpty("begntime"), data.DayOrEmpty("endtime"));
        VisitFacts known = visit?.Facts ?? told;
        if (visit is not null) CheckAgrees(data, known, told);
        MedicalType? type = known.VisitType == Type.Unspecified
            ? facts.Type(request, data)
            : new MedicalType(known.VisitType, IsInpatient(known.VisitType), known.Emergency, known.Referral);
        ClaimFacts.MedicalTypeOf(data.Name("med_type"), type, inpatient);
        Claim claim = new()
        {
            Region = request.Region,
            Scheme = told.Scheme != Scheme.Types.Kind.Unspecified ? told.Scheme : known.Scheme,
            VisitType = type!.Visit,
            Emergency = type.Emergency,
            Referral = type.Referral,
            Disease = known.Disease.Length > 0 ? known.Disease : told.Disease,
            Pregnancy = known.Pregnancy.Length > 0 ? known.Pregnancy : told.Pregnancy,
            // With a facility's key the registered facts are filled in; they come from the agency, not from the message.
            Facility = new Facility { Code = request.Facility },
        };
        claim.Diagnoses.Add(known.Diagnoses);
        SetDays(claim, data, known, told, endOfOpenStay);
        SetCosts(claim, data, visit);
        return claim;
    }

    private static void SetDays(Claim claim, Fields data, VisitFacts known, VisitFacts told, string endOfOpenStay)
    {
        string begin = known.Begin.Length > 0 ? known.Begin : told.Begin;
        string end = known.End.Length > 0 ? known.End : told.End.Length > 0 ? told.End : endOfOpenStay;
        if (begin.Length == 0) throw Check.Missing(data.Name("begntime") + " (or 2201, 2401 before)");
        if (!IsInpatient(claim.VisitType))
        {
            claim.DischargeDate = begin;
            return;
        }

        if (end.Length == 0) throw Check.Missing(data.Name("endtime") + " (or 2402 before)");
        (claim.AdmissionDate, claim.DischargeDate) = (begin, end);
    }

    /// <summary>
    /// Lines where some were charged, else the totals of the message. Totals beside lines must agree with them: <c>medfee_sumamt</c>
    /// always, the parts
    /// where any is given, because many systems send zeros for what the insurance works out.
    /// </summary>
    private static void SetCosts(Claim claim, Fields data, VisitState? visit)
    {
        long total = data.Fen("medfee_sumamt");
        Totals parts = new()
        {
            Total = total,
            SelfFunded = data.FenOrNull("fulamt_ownpay_amt") ?? 0,
            OverLimit = data.FenOrNull("overlmt_selfpay") ?? 0,
            PreSelfPay = data.FenOrNull("preselfpay_amt") ?? 0,
            InScope = data.FenOrNull("inscp_scp_amt") ?? 0,
        };
        string batch = data.TextOrEmpty("chrg_bchno");
        VisitCharge[] charges = visit is null ? [] : [.. visit.Charges.Where(charge => charge.Batch.Length == 0 || charge.Batch == batch)];
        bool partsGiven = parts.SelfFunded + parts.OverLimit + parts.PreSelfPay + parts.InScope > 0;
        if (charges.Length == 0)
        {
            if (!partsGiven && total > 0)
                throw Check.Missing(
                    $"{data.Path}: fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt and inscp_scp_amt, or the lines of the batch before");
            claim.Totals = parts;
            return;
        }

        Totals derived = new();
        foreach (VisitCharge charge in charges)
        {
            claim.Lines.Add(charge.Line);
            derived.Total += charge.Parts.Total;
            derived.SelfFunded += charge.Parts.SelfFunded;
            derived.OverLimit += charge.Parts.OverLimit;
            derived.PreSelfPay += charge.Parts.PreSelfPay;
            derived.InScope += charge.Parts.InScope;
            if (charge.GeneralFee) claim.GeneralFee += charge.Parts.InScope;
            claim.TreatmentFeeItem |= charge.Line.Treatment;
        }

        MustAgree(data, "medfee_sumamt", total, derived.Total);
        if (!partsGiven) return;
        MustAgree(data, "fulamt_ownpay_amt", parts.SelfFunded, derived.SelfFunded);
        MustAgree(data, "overlmt_selfpay", parts.OverLimit, derived.OverLimit);
        MustAgree(data, "preselfpay_amt", parts.PreSelfPay, derived.PreSelfPay);
        MustAgree(data, "inscp_scp_amt", parts.InScope, derived.InScope);
    }

    private static void MustAgree(Fields data, string field, long told, long charged)
    {
        if (told == charged) return;
        throw new RefusalException(new RefusalInfo(
            RefusalCodes.TotalsDoNotAddUp,
            $"{data.Name(field)} is '{Yuan.Text(told)}', but the lines charged add up to {Yuan.Text(charged)}.",
            $"字段 {data.Name(field)} 为{Yuan.Text(told)}，与已上传费用明细合计{Yuan.Text(charged)}不一致。",
            new Dictionary<string, string>
            {
                ["field"] = data.Name(field),
                ["value"] = Yuan.Text(told),
                ["expected"] = Yuan.Text(charged),
            }));
    }

    /// <summary>What the settlement says again must be what was reported.</summary>
    private static void CheckAgrees(Fields data, VisitFacts known, VisitFacts told)
    {
        if (told.Scheme != Scheme.Types.Kind.Unspecified && known.Scheme != Scheme.Types.Kind.Unspecified && told.Scheme != known.Scheme)
            throw Conflict(data.Name("insutype"), data.Text("insutype"), "the insurance type of the visit", "与就诊登记的险种不一致");
        if (told.VisitType != Type.Unspecified && known.VisitType != Type.Unspecified
            && (told.VisitType, told.Emergency, told.Referral) != (known.VisitType, known.Emergency, known.Referral))
            throw Conflict(data.Name("med_type"), data.Text("med_type"), "the medical type of the visit", "与就诊登记的医疗类别不一致");
        if (told.Begin.Length > 0 && known.Begin.Length > 0 && told.Begin != known.Begin)
            throw Conflict(data.Name("begntime"), told.Begin, $"the day reported before, {known.Begin}", "与就诊登记的开始时间不一致");
        if (told.End.Length > 0 && known.End.Length > 0 && told.End != known.End)
            throw Conflict(data.Name("endtime"), told.End, $"the day reported before, {known.End}", "与就诊登记的结束时间不一致");
    }

    private static void CheckCertificate(Fields data)
    {
        string certificate = data.TextOrEmpty("mdtrt_cert_type");
        if (certificate.Length > 0) CodeTables.Certificates.Read(data.Name("mdtrt_cert_type"), certificate);
        string way = data.TextOrEmpty("psn_setlway");
        if (way.Length > 0) CodeTables.SettlementWays.Read(data.Name("psn_setlway"), way);
        string account = data.TextOrEmpty("acct_used_flag");
        if (account is not ("" or "0" or "1")) throw Check.Invalid(data.Name("acct_used_flag"), account, "0 or 1", "应为0或1");
    }

    private static string AccountWarning(Fields data) =>
        data.TextOrEmpty("acct_used_flag") == "1" ? "本系统不管理个人账户，个人账户支出为0。" : "";

    private static string Batch(Fields data) => data.TextOrEmpty("chrg_bchno").Length > 0 ? data.Id("chrg_bchno") : WholeVisit;

    private static SettlementEcho Echo(Fields data) => new(data.TextOrEmpty("mdtrt_cert_type"), data.TextOrEmpty("med_type"));

    private static bool IsInpatient(Type type) => type is Type.Inpatient or Type.Delivery or Type.FamilyPlanning;

    private static RefusalException Conflict(string field, string value, string rule, string ruleZh) => new(new RefusalInfo(
        RefusalCodes.VisitConflict,
        $"{field} is '{value}': expected {rule}.",
        $"字段 {field} 的值“{value}”与已有就诊信息冲突：{ruleZh}。",
        new Dictionary<string, string> { ["field"] = field, ["value"] = value, ["rule"] = rule }));
}
