using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Validation;
using Kind = Settlement.Contract.VisitReport.Types.Kind;

namespace Settlement.Gateway.National.Transactions;

/// <summary>
/// What is reported before a settlement: registration and admission, visit information, discharge, and the taking back of each.
/// </summary>
internal sealed class VisitTransactions(VisitOperations visits, ClaimFacts facts)
{
    /// <summary>2201 门诊挂号.</summary>
    public async Task<TransactionAnswer> Register(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        VisitFacts opened = new() { Scheme = ClaimFacts.Scheme(data), Begin = data.Day("begntime") };
        string visitId = await Open(request, data, opened);
        string number = data.TextOrEmpty("ipt_otp_no");
        return new TransactionAnswer(json =>
        {
            json.WriteStartObject("data");
            json.WriteString("mdtrt_id", visitId);
            json.WriteString("psn_no", data.Person());
            json.WriteString("ipt_otp_no", number);
            json.WriteEndObject();
        });
    }

    /// <summary>2401 入院办理.</summary>
    public async Task<TransactionAnswer> Admit(NationalRequest request)
    {
        Fields visit = request.Input.Object("mdtrtinfo");
        VisitFacts opened = facts.Read(request, visit);
        opened.Scheme = ClaimFacts.Scheme(visit);
        opened.Begin = visit.Day("begntime");
        ClaimFacts.MedicalTypeOf(visit.Name("med_type"), facts.Type(request, visit), inpatient: true);
        string visitId = await Open(request, visit, opened);
        return new TransactionAnswer(json =>
        {
            json.WriteStartObject("result");
            json.WriteString("mdtrt_id", visitId);
            json.WriteEndObject();
        });
    }

    /// <summary>2203 门诊就诊信息上传.</summary>
    public async Task<TransactionAnswer> Describe(NationalRequest request)
    {
        Fields visit = request.Input.Object("mdtrtinfo");
        VisitFacts described = facts.Read(request, visit);
        ClaimFacts.MedicalTypeOf(visit.Name("med_type"), facts.Type(request, visit), inpatient: false);
        await Report(request, visit, Kind.Described, described);
        return TransactionAnswer.Empty;
    }

    /// <summary>2402 出院办理.</summary>
    public async Task<TransactionAnswer> Discharge(NationalRequest request)
    {
        Fields ended = request.Input.Object("dscginfo");
        VisitFacts last = facts.Read(request, ended);
        last.End = ended.Day("endtime");
        await Report(request, ended, Kind.Ended, last);
        return TransactionAnswer.Empty;
    }

    /// <summary>2405 出院撤销.</summary>
    public async Task<TransactionAnswer> WithdrawDischarge(NationalRequest request)
    {
        await Report(request, request.Input.Object("data"), Kind.EndWithdrawn);
        return TransactionAnswer.Empty;
    }

    /// <summary>2202 挂号撤销, 2404 入院撤销.</summary>
    public async Task<TransactionAnswer> Cancel(NationalRequest request)
    {
        await Report(request, request.Input.Object("data"), Kind.Cancelled);
        return TransactionAnswer.Empty;
    }

    private async Task<string> Open(NationalRequest request, Fields node, VisitFacts opened)
    {
        string visitId = VisitOperations.IdFor(request.Facility, request.MessageId);
        VisitReport report = new() { MessageId = request.MessageId, Kind = Kind.Opened, Person = node.Person(), Facts = opened };
        await visits.Report(visitId, report, request.Caller);
        return visitId;
    }

    private Task<VisitReport> Report(NationalRequest request, Fields node, Kind kind, VisitFacts? content = null) =>
        visits.Report(
            node.Id("mdtrt_id"),
            new VisitReport { MessageId = request.MessageId, Kind = kind, Person = node.Person(), Facts = content },
            request.Caller);
}
