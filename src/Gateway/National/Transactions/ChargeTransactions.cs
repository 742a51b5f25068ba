using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Refusals;
using Clas = Settlement.Contract.FeeLine.Types.Class;
using Kind = Settlement.Contract.VisitReport.Types.Kind;

namespace Settlement.Gateway.National.Transactions;

/// <summary>费用明细: lines charged before a settlement, answered line by line, and taken back.</summary>
internal sealed class ChargeTransactions(VisitOperations visits, LineTerms terms, GatewayOptions options)
{
    /// <summary>The word that takes back everything (2205, 2302).</summary>
    private const string All = "0000";

    private const int CountDecimals = LineTerms.CountDecimals;
    private const int PriceDecimals = LineTerms.PriceDecimals;
    private const int WholeBp = LineTerms.WholeBp;

    /// <summary>2204 门诊费用明细上传: each line belongs to a batch.</summary>
    public Task<TransactionAnswer> ChargeOutpatient(NationalRequest request) => Charge(request, batched: true);

    /// <summary>2301 住院费用明细上传.</summary>
    public Task<TransactionAnswer> ChargeInpatient(NationalRequest request) => Charge(request, batched: false);

    /// <summary>2205 门诊费用明细撤销: a batch, or everything.</summary>
    public async Task<TransactionAnswer> WithdrawOutpatient(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        string batch = data.Id("chrg_bchno");
        VisitReport report = Withdrawal(request, data);
        if (batch == All) report.WithdrawAll = true;
        else report.WithdrawnBatch = batch;
        await visits.Report(data.Id("mdtrt_id"), report, request.Caller);
        return TransactionAnswer.Empty;
    }

    /// <summary>2302 住院费用明细撤销: single lines, or everything.</summary>
    public async Task<TransactionAnswer> WithdrawInpatient(NationalRequest request)
    {
        List<Fields> rows = request.Input.Rows("data");
        if (rows.Count == 0) throw Check.Missing("message.input.data");
        VisitReport report = Withdrawal(request, rows[0]);
        foreach (Fields row in rows)
        {
            SameVisit(rows[0], row);
            string line = row.Id("feedetl_sn");
            if (line == All) report.WithdrawAll = true;
            else report.Withdrawn.Add(line);
        }

        await visits.Report(rows[0].Id("mdtrt_id"), report, request.Caller);
        return TransactionAnswer.Empty;
    }

    private async Task<TransactionAnswer> Charge(NationalRequest request, bool batched)
    {
        List<Fields> rows = request.Input.Rows("feedetail");
        if (rows.Count == 0) throw Check.Missing("message.input.feedetail");
        Check.AtMost("message.input.feedetail (number of)", rows.Count, options.MaxFeeLines);
        VisitReport report = new() { MessageId = request.MessageId, Kind = Kind.Charged, Person = rows[0].Person() };
        foreach (Fields row in rows)
        {
            SameVisit(rows[0], row);
            report.Charges.Add(Line(row, batched));
        }

        string visitId = rows[0].Id("mdtrt_id");
        VisitReport? kept = null;
        try
        {
            await terms.Complete(rows, report, request.Region);
        }
        catch (RefusalException)
        {
            // What the catalogue said when the message came first is kept with it, whatever it says now.
            kept = await visits.FindRepeated(visitId, report, request.Caller);
            if (kept is null) throw;
        }

        kept ??= await visits.Report(visitId, report, request.Caller);
        return new TransactionAnswer(json => Write(json, kept, rows));
    }

    private static VisitReport Withdrawal(NationalRequest request, Fields node) =>
        new() { MessageId = request.MessageId, Kind = Kind.ChargesWithdrawn, Person = node.Person() };

    /// <summary>One message is one visit's: a report is kept with its visit, whole or not at all.</summary>
    private static void SameVisit(Fields first, Fields row)
    {
        if (row.Id("mdtrt_id") != first.Id("mdtrt_id"))
            throw Check.Invalid(row.Name("mdtrt_id"), row.Id("mdtrt_id"), "the visit of the first row", "同一报文只能包含一次就诊的明细");
        if (row.Person() != first.Person())
            throw Check.Invalid(row.Name("psn_no"), "****", "the person of the first row", "同一报文只能包含同一人员的明细");
    }

    private static VisitCharge Line(Fields row, bool batched)
    {
        long amount = row.Fen("det_item_fee_sumamt");
        decimal count = row.NumberOrNull("cnt", CountDecimals) ?? throw Check.Missing(row.Name("cnt"));
        decimal price = row.NumberOrNull("pric", PriceDecimals) ?? throw Check.Missing(row.Name("pric"));
        decimal? limit = row.NumberOrNull("pric_uplmt_amt", PriceDecimals);
        string approval = row.TextOrEmpty("hosp_appr_flag");
        if (approval is not ("" or "0" or "1" or LineTerms.SelfFunded))
            throw Check.Invalid(row.Name("hosp_appr_flag"), approval, "0, 1 or 2", "应为0无须审批、1审批通过或2审批不通过");
        string type = row.TextOrEmpty("med_chrgitm_type");
        StatedTerms stated = LineTerms.Stated(row);
        FeeLine line = new()
        {
            Code = row.Text("med_list_codg"),
            Class = approval == LineTerms.SelfFunded ? Clas.C : stated.Class,
            SelfPayBp = stated.Class == Clas.B ? stated.SelfPayBp : 0,
            Treatment = type == CodeTables.TreatmentFee,
        };
        Price(row, line, amount, price, count, limit);
        if (line.HasLimit) stated.Limit = line.Limit;
        return new VisitCharge
        {
            Id = row.Id("feedetl_sn"),
            Batch = batched ? row.Id("chrg_bchno") : "",
            Line = line,
            GeneralFee = type == CodeTables.GeneralFee,
            Occurred = row.TextOrEmpty("fee_ocur_time"),
            Stated = approval != LineTerms.SelfFunded && LineTerms.AreOpen(stated) ? stated : null,
        };
    }

    /// <summary>
    /// A unit price in whole fen and a whole count stay as they are. Where either is finer, the line is one unit of its amount, and the
    /// price limit that of
    /// the whole count: the amount is what the person is charged, so it is never worked out anew.
    /// </summary>
    private static void Price(Fields row, FeeLine line, long amount, decimal price, decimal count, decimal? limit)
    {
        decimal product = price * 100m * count;
        if (Math.Abs(product - amount) > 1m)
        {
            throw new RefusalException(new RefusalInfo(
                RefusalCodes.TotalsDoNotAddUp,
                $"{row.Name("det_item_fee_sumamt")} is '{Yuan.Text(amount)}', but pric times cnt is {price * count}.",
                $"字段 {row.Name("det_item_fee_sumamt")} 为{Yuan.Text(amount)}，与单价乘数量{price * count}不符。",
                new Dictionary<string, string> { ["field"] = row.Name("det_item_fee_sumamt"), ["value"] = Yuan.Text(amount) }));
        }

        bool whole = product == amount && IsWhole(price * 100m) && IsWhole(count) && count <= int.MaxValue
            && (limit is not { } each || IsWhole(each * 100m));
        (line.Price, line.Quantity) = whole ? ((long)(price * 100m), (int)count) : (amount, 1);
        if (limit is { } most)
            line.Limit = whole ? (long)(most * 100m) : (long)decimal.Round(most * 100m * count, MidpointRounding.AwayFromZero);
    }

    private static bool IsWhole(decimal number) => number == decimal.Truncate(number);

    private static void Write(Utf8JsonWriter json, VisitReport kept, List<Fields> rows)
    {
        json.WriteStartArray("result");
        for (int i = 0; i < kept.Charges.Count; i++)
        {
            VisitCharge charge = kept.Charges[i];
            json.WriteStartObject();
            json.WriteString("feedetl_sn", charge.Id);
            json.WriteFen("det_item_fee_sumamt", charge.Parts.Total);
            json.WriteNumber("cnt", rows[i].NumberOrNull("cnt", CountDecimals)!.Value);
            json.WriteNumber("pric", rows[i].NumberOrNull("pric", PriceDecimals)!.Value);
            if (rows[i].NumberOrNull("pric_uplmt_amt", PriceDecimals) is { } limit) json.WriteNumber("pric_uplmt_amt", limit);
            else if (charge.Catalogue is { LimitVersion: > 0 } found) json.WriteFen("pric_uplmt_amt", found.Limit);
            json.WriteRatio("selfpay_prop", charge.Line.Class == Clas.C ? WholeBp : charge.Line.SelfPayBp);
            json.WriteFen("fulamt_ownpay_amt", charge.Parts.SelfFunded);
            json.WriteFen("overlmt_amt", charge.Parts.OverLimit);
            json.WriteFen("preselfpay_amt", charge.Parts.PreSelfPay);
            json.WriteFen("inscp_scp_amt", charge.Parts.InScope);
            json.WriteString("chrgitm_lv", CodeTables.LineClasses.Rows.Single(row => row.Ours!.Value == charge.Line.Class).Code);
            json.WriteString("med_chrgitm_type", rows[i].TextOrEmpty("med_chrgitm_type"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
