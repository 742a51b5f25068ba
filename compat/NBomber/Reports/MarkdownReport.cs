using System.Text;

namespace NBomber.Reports;

/// <summary>The figures as Markdown tables.</summary>
internal static class MarkdownReport
{
    public static string Write(ReportModel model)
    {
        StringBuilder text = new();
        text.AppendLine($"# {model.Suite}: {model.Test}").AppendLine();
        text.AppendLine($"{model.At:yyyy-MM-dd HH:mm:ss} UTC, {model.Stats.Duration}").AppendLine();
        Table(text, "Latencies", ReportModel.Columns, model.Rows());
        Table(text, "Status codes", ["scenario", "step", "code", "outcome", "count", "percent", "message"], model.Codes());
        Table(text, "Thresholds", ["scenario", "step", "check", "outcome"], model.Thresholds());
        Table(text, "Metrics", ["metric", "value", "unit"], model.Gauges());
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        if (all.Length == 0) return;
        text.AppendLine($"## {title}").AppendLine();
        text.AppendLine(Line(heads)).AppendLine(Line([.. heads.Select(_ => "---")]));
        foreach (string[] row in all) text.AppendLine(Line(row));
        text.AppendLine();
    }

    private static string Line(string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|").ReplaceLineEndings(" ")))} |";
}
