using System.Text;

namespace NBomber.Reports;

/// <summary>The figures in columns, for a terminal.</summary>
internal static class TextReport
{
    public static string Write(ReportModel model)
    {
        StringBuilder text = new();
        text.AppendLine($"{model.Suite}: {model.Test}, {model.Stats.Duration}").AppendLine();
        Table(text, model.Rows().Prepend(ReportModel.Columns));
        Table(text, model.Codes());
        Table(text, model.Thresholds());
        Table(text, model.Gauges());
        return text.ToString();
    }

    private static void Table(StringBuilder text, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        if (all.Length == 0) return;
        int[] widths = [.. Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => row[column].Length))];
        foreach (string[] row in all)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        text.AppendLine();
    }
}
