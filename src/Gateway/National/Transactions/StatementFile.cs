using System.Globalization;
using System.IO.Compression;
using System.Text;
using Settlement.Contract;
using Settlement.Gateway.National.Messages;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Persons;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Gateway.National.Transactions;

/// <summary>
/// The files of 3202: text in a ZIP, one row a line, columns by tabulators, UTF-8, "null" for empty. 表200 comes from the facility, 表201
/// goes back with a row for
/// each difference.
/// </summary>
internal static class StatementFile
{
    private const string Empty = "null";
    private const int Columns = 7; // and 字段扩展, which may be left out
    private const int MaxBytes = 64 << 20;
    private const int MaxName = 40;

    /// <summary>
    /// Reads a file of 表200: setl_id, mdtrt_id, psn_no, medfee_sumamt, fund_pay_sumamt, acct_pay, refd_setl_flag, exp_content.
    /// </summary>
    /// <exception cref="RefusalException">INVALID_FIELD: names the line and the column.</exception>
    public static List<DetailItem> Read(ReadOnlyMemory<byte> zip, string path)
    {
        List<DetailItem> rows = [];
        foreach (string line in Unzip(zip, path).Split('\n'))
        {
            string text = line.TrimEnd('\r');
            if (text.Length > 0) rows.Add(Row(text.Split('\t'), $"{path}: line {rows.Count + 1}"));
            if (rows.Count > ReconciliationOperations.MaxRows)
                throw Check.Invalid(path, $"{rows.Count} rows", $"at most {ReconciliationOperations.MaxRows} rows", "文件行数过多");
        }

        return rows;
    }

    /// <summary>
    /// Writes a file of 表201: psn_no, mdtrt_id, setl_id, msgid, stmt_rslt, refd_setl_flag, memo, medfee_sumamt, fund_pay_sumamt,
    /// acct_pay, exp_content.
    /// </summary>
    public static byte[] Write(IReadOnlyList<Difference> differences)
    {
        StringBuilder text = new();
        foreach (Difference difference in differences)
        {
            DetailItem row = difference.Here ?? difference.There;
            text.AppendJoin('\t',
                Text(row.Person), Text(row.VisitId), Text(row.SettlementId), Text(row.RequestId), ReconciliationTransactions.Differs,
                    row.Reversal ? "1" : "0",
                Memo(difference), Yuan.Text(row.Total), Yuan.Text(row.FundPay), Yuan.Text(0), Empty);
            text.Append('\n');
        }

        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.CreateEntry("result.txt");
            entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same differences make the same file
            using Stream content = entry.Open();
            content.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        return zip.ToArray();
    }

    private static DetailItem Row(string[] cells, string path)
    {
        if (cells.Length < Columns)
            throw Check.Invalid(path, $"{cells.Length} columns", $"{Columns} columns or more, by tabulators", $"应有{Columns}列，以制表符分隔");
        string settlement = Cell(cells, 0), visit = Cell(cells, 1), person = Cell(cells, 2), refund = Cell(cells, 6);
        if (settlement.Length == 0) throw Check.Missing($"{path}: setl_id");
        Check.Id($"{path}: setl_id", settlement);
        Check.MaxLength($"{path}: mdtrt_id", visit, MaxName);
        if (person.Length > 0 && PersonId.Fault(person) is { } fault)
            throw Check.Invalid($"{path}: psn_no", PersonId.Mask(person), $"a person id, and it {fault}", "人员编号不符合规则");
        if (refund is not ("" or "0" or "1")) throw Check.Invalid($"{path}: refd_setl_flag", refund, "0 or 1", "应为0或1");
        return new DetailItem
        {
            SettlementId = settlement,
            VisitId = visit,
            Person = person,
            Total = Fen(cells, 3, $"{path}: medfee_sumamt"),
            FundPay = Fen(cells, 4, $"{path}: fund_pay_sumamt"),
            Reversal = refund == "1",
        };
    }

    private static string Cell(string[] cells, int column) => cells[column].Trim() is var cell && cell != Empty ? cell : "";

    private static long Fen(string[] cells, int column, string path)
    {
        string text = Cell(cells, column);
        bool negative = text.StartsWith('-');
        if (Yuan.TryParse(negative ? text.AsSpan(1) : text, out long fen)) return negative ? -fen : fen;
        throw Check.Invalid(path, text, "yuan with at most two decimals", "应为金额，单位元，最多两位小数");
    }

    private static string Text(string value) => value.Length == 0 ? Empty : value;

    private static string Memo(Difference difference)
    {
        string memo = difference.Kind switch
        {
            Kind.MissingHere => "机构有中心无",
            Kind.MissingThere => "中心有机构无",
            Kind.AmountDiffers => "金额不一致",
            Kind.ReversedHereOnly => "中心已撤销机构未撤销",
            Kind.ReversedThereOnly => "机构已撤销中心未撤销",
            Kind.IdentityDiffers => "人员或就诊不一致",
            Kind.ListedTwice => "机构重复",
            _ => throw new InvalidOperationException($"A difference of the kind {difference.Kind} has no memo."),
        };
        foreach (AmountDifference amount in difference.Amounts)
            memo += $" {(amount.Field == "total" ? "medfee_sumamt" : "fund_pay_sumamt")} 中心{Yuan.Text(amount.Here)} 机构{Yuan.Text(amount.There)}";
        return difference.OtherDay.Length > 0 ? $"{memo} 中心日期{difference.OtherDay}" : memo;
    }

    private static string Unzip(ReadOnlyMemory<byte> zip, string path)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(zip.ToArray()), ZipArchiveMode.Read);
            if (archive.Entries.Count != 1)
                throw Check.Invalid(path, $"{archive.Entries.Count} files", "a ZIP with one text file", "压缩包内应只有一个文本文件");
            using Stream content = archive.Entries[0].Open();
            using MemoryStream text = new();
            byte[] buffer = new byte[64 * 1024];
            int read;
            while ((read = content.Read(buffer)) > 0)
            {
                // A few kilobytes may inflate to gigabytes: what the archive says of its size is not believed.
                if (text.Length + read > MaxBytes)
                    throw Check.Invalid(path, $"more than {MaxBytes} bytes", $"at most {MaxBytes} bytes when unpacked", "解压后文件过大");
                text.Write(buffer, 0, read);
            }

            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text.GetBuffer(), 0, (int)text.Length).TrimStart('\uFEFF');
        }
        catch (Exception error) when (error is InvalidDataException or DecoderFallbackException)
        {
            throw Check.Invalid(path, "...", $"a ZIP of UTF-8 text: {error.Message}", "应为UTF-8文本的ZIP压缩包");
        }
    }
}
