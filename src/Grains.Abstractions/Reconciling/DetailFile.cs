using System.Globalization;
using Settlement.Contract;

namespace Settlement.Reconciling;

/// <summary>A list of settlements and reversals as CSV: one head line with the columns' names, amounts in fen.</summary>
public static class DetailFile
{
    private const string SettlementId = "settlement_id";
    private const string RequestId = "request_id";
    private const string Reversal = "reversal";

    private static readonly (string Name, Func<DetailItem, string> Get, Action<DetailItem, string> Set)[] Columns =
    [
        (SettlementId, item => item.SettlementId, (item, text) => item.SettlementId = text),
        (RequestId, item => Csv.Harmless(item.RequestId), (item, text) => item.RequestId = text),
        (Reversal, item => item.Reversal ? "1" : "0", (item, text) => item.Reversal = Flag(text)),
        ("person", item => item.Person, (item, text) => item.Person = text),
        ("visit_id", item => Csv.Harmless(item.VisitId), (item, text) => item.VisitId = text),
        ("total", item => Fen(item.HasTotal, item.Total), (item, text) => item.Total = Fen(text)),
        ("fund_pay", item => Fen(item.HasFundPay, item.FundPay), (item, text) => item.FundPay = Fen(text)),
        ("pooled", item => Fen(item.HasPooled, item.Pooled), (item, text) => item.Pooled = Fen(text)),
        ("serious_illness", item => Fen(item.HasSeriousIllness, item.SeriousIllness), (item, text) => item.SeriousIllness = Fen(text)),
        ("assistance", item => Fen(item.HasAssistance, item.Assistance), (item, text) => item.Assistance = Fen(text)),
        ("person_pays", item => Fen(item.HasPersonPays, item.PersonPays), (item, text) => item.PersonPays = Fen(text)),
    ];

    /// <summary>The names of the columns, as help and errors show them.</summary>
    public static string ColumnNames { get; } = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>Reads a facility's list.</summary>
    /// <exception cref="FormatException">A line is no row; names the line, the column and the rule.</exception>
    public static List<DetailItem> Read(TextReader text)
    {
        if (text.Peek() == '\uFEFF') text.Read(); // spreadsheets put a mark in front of UTF-8
        int line = 1;
        try
        {
            List<DetailItem> items = [];
            List<(string Name, Func<DetailItem, string> Get, Action<DetailItem, string> Set)>? head = null;
            foreach ((int Line, string[] Cells) record in Csv.Read(text))
            {
                line = record.Line;
                if (head is null) head = HeadOf(record.Cells);
                else items.Add(ItemOf(head, record.Cells));
            }

            return head is null ? throw new FormatException("the file is empty; the first line names the columns") : items;
        }
        catch (FormatException error) when (!error.Message.StartsWith("line ", StringComparison.Ordinal))
        {
            throw new FormatException($"line {line}: {error.Message}", error);
        }
    }

    /// <summary>Writes a list.</summary>
    public static void Write(IEnumerable<DetailItem> items, TextWriter output)
    {
        Csv.WriteLine(output, Columns.Select(column => column.Name));
        foreach (DetailItem item in items) Csv.WriteLine(output, Columns.Select(column => column.Get(item)));
    }

    private static List<(string Name, Func<DetailItem, string> Get, Action<DetailItem, string> Set)> HeadOf(string[] cells)
    {
        List<(string Name, Func<DetailItem, string> Get, Action<DetailItem, string> Set)> head = [];
        foreach (string cell in cells)
        {
            string name = cell.Trim();
            if (head.Exists(column => column.Name == name)) throw new FormatException($"column '{name}' is there twice");
            int found = Array.FindIndex(Columns, column => column.Name == name);
            head.Add(found >= 0 ? Columns[found] : throw new FormatException($"column '{name}' is not known; known are {ColumnNames}"));
        }

        return head.Exists(column => column.Name is SettlementId or RequestId)
            ? head
            : throw new FormatException($"neither {SettlementId} nor {RequestId} is a column: nothing says which settlement a row is");
    }

    private static DetailItem ItemOf(List<(string Name, Func<DetailItem, string> Get, Action<DetailItem, string> Set)> head, string[] cells)
    {
        if (cells.Length != head.Count) throw new FormatException($"{cells.Length} cells under a head of {head.Count}");
        DetailItem item = new();
        for (int i = 0; i < cells.Length; i++)
        {
            string cell = cells[i].Trim();
            if (cell.Length == 0) continue;
            try
            {
                head[i].Set(item, cell);
            }
            catch (FormatException error)
            {
                throw new FormatException($"{head[i].Name} is '{cell}': expected {error.Message}", error);
            }
        }

        return item.SettlementId.Length > 0 || item.RequestId.Length > 0
            ? item
            : throw new FormatException($"neither {SettlementId} nor {RequestId} is given");
    }

    private static bool Flag(string text) => text switch
    {
        "0" => false,
        "1" => true,
        _ => throw new FormatException("0 for a settlement, 1 for its reversal"),
    };

    private static long Fen(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long fen)
        ? fen
        : throw new FormatException("a whole number of fen");

    private static string Fen(bool has, long fen) => has ? fen.ToString(CultureInfo.InvariantCulture) : "";
}
