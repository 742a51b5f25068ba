using System.Text.Json;
using Settlement.Contract;
using Settlement.Gateway.National.Codes;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Refusals;
using Part = Settlement.Contract.CompareTotalsRequest.Types.Part;

namespace Settlement.Gateway.National.Transactions;

/// <summary>对账: 3201 totals, 3202 details from a file, and the 9101 and 9102 that bring and fetch the file.</summary>
internal sealed class ReconciliationTransactions(ReconciliationOperations reconciliation, FileOperations files)
{
    /// <summary>对账结果: both sides agree.</summary>
    public const string Balanced = "000000";

    /// <summary>对账结果: they do not.</summary>
    public const string Differs = "000103";

    /// <summary>Files are kept for ever.</summary>
    private const string Never = "9999-12-31 23:59:59";

    /// <summary>3201 对总账.</summary>
    public async Task<TransactionAnswer> Totals(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        string refunds = data.TextOrEmpty("refd_setl_flag");
        Part part = refunds switch
        {
            "" => Part.Net,
            "0" => Part.Settled,
            "1" => Part.Reversed,
            _ => throw Check.Invalid(data.Name("refd_setl_flag"), refunds, "0 or 1", "应为0或1"),
        };
        long accountPay = data.FenOrNull("acct_pay") ?? 0;
        CompareTotalsResponse answer = await reconciliation.CompareTotals(
            new CompareTotalsRequest
            {
                From = data.Day("stmt_begndate"),
                To = data.Day("stmt_enddate"),
                Scheme = ClaimFacts.SchemeOrNone(data),
                ClearingType = Clearing(data),
                Part = part,
                Totals = new FacilityTotals
                {
                    Count = (long)(data.NumberOrNull("fixmedins_setl_cnt", 0) ?? throw Check.Missing(data.Name("fixmedins_setl_cnt"))),
                    Total = data.Fen("medfee_sumamt"),
                    FundPay = data.Fen("fund_pay_sumamt"),
                },
            },
            request.Caller);
        List<string> differences = [.. answer.Differences.Select(Describe)];
        // No personal account is kept here: whatever a facility has of one is a difference.
        if (accountPay != 0) differences.Add($"acct_pay 中心0.00 机构{Yuan.Text(accountPay)}");
        string clearer = data.TextOrEmpty("setl_optins");
        return new TransactionAnswer(json =>
        {
            json.WriteStartObject("stmtinfo");
            json.WriteString("setl_optins", clearer);
            json.WriteString("stmt_rslt", differences.Count == 0 ? Balanced : Differs);
            json.WriteString("stmt_rslt_dscr", differences.Count == 0 ? "平" : string.Join("；", differences));
            json.WriteEndObject();
        });
    }

    /// <summary>3202 对明细账: the file of 9101 against the ledger; the answer names the file of differences.</summary>
    public async Task<TransactionAnswer> Details(NationalRequest request)
    {
        Fields data = request.Input.Object("data");
        string from = data.Day("stmt_begndate"), to = data.Day("stmt_enddate");
        FacilityFile upload = await files.Get(data.Id("file_qury_no"), request.Caller);
        List<DetailItem> rows = StatementFile.Read(upload.Content.Memory, data.Name("file_qury_no"));
        CheckSums(data, rows);
        List<Difference> differences = [];
        await reconciliation.CompareDetails(Requests(from, to, rows), Take, request.Caller, CancellationToken.None);
        string name = $"{request.MessageId}.zip";
        FacilityFile result = await files.Put(request.MessageId, name, StatementFile.Write(differences), request.Caller);
        return new TransactionAnswer(json =>
        {
            json.WriteStartObject("fileinfo");
            json.WriteString("file_qury_no", result.MessageId);
            json.WriteString("filename", result.Name);
            json.WriteString("dld_endtime", Never);
            json.WriteEndObject();
        }, differences.Count == 0 ? "" : $"对账不平，差异{differences.Count}条，请用9102下载。");

        Task Take(CompareDetailsResponse part)
        {
            if (part.Difference is { } difference) differences.Add(difference);
            return Task.CompletedTask;
        }
    }

    /// <summary>9101 文件上传.</summary>
    public async Task<TransactionAnswer> Upload(NationalRequest request)
    {
        Fields data = request.Input.Object("fsUploadIn");
        string name = data.Text("filename");
        FacilityFile kept = await files.Put(request.MessageId, name, Content(data), request.Caller);
        return new TransactionAnswer(json =>
        {
            json.WriteString("file_qury_no", kept.MessageId);
            json.WriteString("filename", kept.Name);
            json.WriteString("fixmedins_code", request.Facility);
        });
    }

    /// <summary>9102 文件下载: the answer is the file itself.</summary>
    public async Task<TransactionAnswer> Download(NationalRequest request)
    {
        Fields data = request.Input.Object("fsDownloadIn");
        FacilityFile file = await files.Get(data.Id("file_qury_no"), request.Caller);
        return TransactionAnswer.Empty with { File = file.Content.Memory };
    }

    private static Clearing.Types.Type Clearing(Fields data)
    {
        string code = data.TextOrEmpty("clr_type");
        if (code.Length == 0) return Contract.Clearing.Types.Type.Unspecified;
        return CodeTables.ClearingTypes.Read(data.Name("clr_type"), code).Value;
    }

    private static string Describe(AmountDifference difference)
    {
        (string field, bool money) = difference.Field switch
        {
            "count" => ("fixmedins_setl_cnt", false),
            "total" => ("medfee_sumamt", true),
            "fund_pay" => ("fund_pay_sumamt", true),
            _ => (difference.Field, true),
        };
        return money
            ? $"{field} 中心{Yuan.Text(difference.Here)} 机构{Yuan.Text(difference.There)}"
            : $"{field} 中心{difference.Here} 机构{difference.There}";
    }

    /// <summary>The sums of the message are those of its file: else one of them is not what the clerk means.</summary>
    private static void CheckSums(Fields data, List<DetailItem> rows)
    {
        Same("medfee_sumamt", rows.Sum(row => row.Total));
        Same("fund_pay_sumamt", rows.Sum(row => row.FundPay));
        if (data.NumberOrNull("fixmedins_setl_cnt", 0) is { } count && count != rows.Count)
            throw Disagrees("fixmedins_setl_cnt", $"{count}", $"{rows.Count}");

        void Same(string field, long sum)
        {
            if (data.FenOrNull(field) is { } told && told != sum) throw Disagrees(field, Yuan.Text(told), Yuan.Text(sum));
        }

        RefusalException Disagrees(string field, string told, string sum) => new(new RefusalInfo(
            RefusalCodes.TotalsDoNotAddUp,
            $"{data.Name(field)} is '{told}', but the rows of the file make {sum}.",
            $"字段 {data.Name(field)} 为{told}，与文件明细合计{sum}不一致。",
            new Dictionary<string, string> { ["field"] = data.Name(field), ["value"] = told, ["expected"] = sum }));
    }

    private static async IAsyncEnumerable<CompareDetailsRequest> Requests(string from, string to, List<DetailItem> rows)
    {
        yield return new CompareDetailsRequest { Header = new DetailsHeader { From = from, To = to } };
        await Task.CompletedTask;
        foreach (DetailItem row in rows) yield return new CompareDetailsRequest { Item = row };
    }

    /// <summary>文件数据: base64, or a list of bytes, as the libraries of hospital systems write an array of bytes.</summary>
    private static byte[] Content(Fields data)
    {
        if (!data.Node.TryGetProperty("in", out JsonElement content)) throw Check.Missing(data.Name("in"));
        if (content.ValueKind == JsonValueKind.String && content.TryGetBytesFromBase64(out byte[]? decoded)) return decoded;
        if (content.ValueKind == JsonValueKind.Array)
        {
            List<byte> bytes = [];
            foreach (JsonElement each in content.EnumerateArray())
            {
                // Java counts its bytes from -128.
                if (!each.TryGetInt32(out int value) || value is < sbyte.MinValue or > byte.MaxValue) break;
                bytes.Add((byte)value);
            }

            if (bytes.Count == content.GetArrayLength()) return [.. bytes];
        }

        throw Check.Invalid(data.Name("in"), $"{content.ValueKind}", "base64, or a list of bytes", "应为Base64文本或字节数组");
    }
}
