using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Reports;

/// <summary>Writes the reports of a run.</summary>
internal static class ReportWriter
{
    public static IEnumerable<ReportFile> Write(ReportModel model, NBomberContext context)
    {
        Directory.CreateDirectory(context.ReportFolder);
        foreach (ReportFormat format in context.ReportFormats.Distinct())
        {
            (string ending, string text) = format switch
            {
                ReportFormat.Html => ("html", HtmlReport.Write(model)),
                ReportFormat.Csv => ("csv", CsvReport.Write(model)),
                ReportFormat.Md => ("md", MarkdownReport.Write(model)),
                _ => ("txt", TextReport.Write(model)),
            };
            string path = Path.Combine(context.ReportFolder, $"{context.ReportFileName}.{ending}");
            File.WriteAllText(path, text);
            yield return new ReportFile { FilePath = path, ReportFormat = format };
        }
    }
}
