using System.Net;
using System.Text;
using NBomber.Running;

namespace NBomber.Reports;

/// <summary>The figures and their plots as one HTML file that asks for nothing else.</summary>
internal static class HtmlReport
{
    // Towards the tail in ever smaller steps: the tail is what the plot is for.
    private static readonly double[] Percents =
        [0, 5, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 99, 99.25, 99.5, 99.75, 99.9, 99.95, 99.99, 100];

    private const string Style = """
        body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222; background: #fff }
        h1, h2, h3 { font-weight: 600 } table { border-collapse: collapse; margin: 1rem 0; font-size: 12px; font-variant-numeric: tabular-nums }
        th, td { border-bottom: 1px solid #ddd; padding: .25rem .6rem; text-align: left } td.n { text-align: right }
        .broken { color: #b00020; font-weight: 600 } svg { max-width: 100%; height: auto } figure { margin: 1rem 0 } figcaption { color: #555 }
        """;

    public static string Write(ReportModel model)
    {
        StringBuilder html = new();
        html.Append(
            $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{Safe(model.Test)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        html.Append(
            $"<h1>{Safe(model.Suite)}: {Safe(model.Test)}</h1>\n<p>{model.At:yyyy-MM-dd HH:mm:ss} UTC, {model.Stats.Duration}</p>\n");
        Table(html, "Latencies", ReportModel.Columns, model.Rows());
        foreach (ScenarioRun run in model.Runs) Plots(html, run);
        Table(html, "Status codes", ["scenario", "step", "code", "outcome", "count", "percent", "message"], model.Codes());
        Table(html, "Thresholds", ["scenario", "step", "check", "outcome"], model.Thresholds());
        Table(html, "Metrics", ["metric", "value", "unit"], model.Gauges());
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void Plots(StringBuilder html, ScenarioRun run)
    {
        html.Append($"<h2>{Safe(run.Info.ScenarioName)}</h2>\n");
        IReadOnlyList<Sample> line = run.TimeLine;
        Figure(html, "Iterations ended in each second", new Plot("s", "a second",
        [
            new Curve("ok", [.. line.Select(sample => (sample.At.TotalSeconds, (double)sample.Ok))]),
            new Curve("failed", [.. line.Select(sample => (sample.At.TotalSeconds, (double)sample.Failed))]),
        ]));
        Figure(html, "Latency of the iterations that ended well in each second", new Plot("s", "ms",
        [
            new Curve("p50", [.. line.Where(sample => sample.Ok > 0).Select(sample => (sample.At.TotalSeconds, sample.P50))]),
            new Curve("p99", [.. line.Where(sample => sample.Ok > 0).Select(sample => (sample.At.TotalSeconds, sample.P99))]),
        ]));
        // The axis counts nines: 90 %, 99 %, 99.9 % are equally far apart.
        Figure(html, "Latency by percentile; each unit of the axis is another nine: 1 is 90 %, 2 is 99 %, 3 is 99.9 %",
            new Plot("nines", "ms",
            [.. run.Recorder.All.Select(
                step => new Curve(step.Name, [.. Percents.Zip(step.Quantiles(Percents), (percent, ms) => (Nines(percent), ms))]))]));
    }

    private static double Nines(double percent) => Math.Min(4, -Math.Log10(Math.Max(1e-9, 1 - (percent / 100))));

    private static void Figure(StringBuilder html, string caption, Plot plot) =>
        html.Append($"<figure>\n{plot.ToSvg()}<figcaption>{Safe(caption)}</figcaption>\n</figure>\n");

    private static void Table(StringBuilder html, string title, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        if (all.Length == 0) return;
        html.Append($"<h2>{title}</h2>\n<table>\n<tr>{string.Concat(heads.Select(head => $"<th>{Safe(head)}</th>"))}</tr>\n");
        foreach (string[] row in all) html.Append($"<tr>{string.Concat(row.Select(Cell))}</tr>\n");
        html.Append("</table>\n");
    }

    private static string Cell(string text) =>
        double.TryParse(text, out _) ? $"<td class=\"n\">{text}</td>"
        : text.StartsWith("broken", StringComparison.Ordinal) ? $"<td class=\"broken\">{Safe(text)}</td>"
        : $"<td>{Safe(text)}</td>";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
