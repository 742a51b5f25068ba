using System.Text.Json;
using Settlement.Cli.Text;

namespace Settlement.Cli.Importing;

/// <summary>What the clerk sees of an import: how far it is on standard error, how it ended on standard output.</summary>
/// <param name="host">The streams.</param>
/// <param name="kind">Kind of the rows.</param>
/// <param name="path">The input.</param>
/// <param name="all">Its rows.</param>
/// <param name="errorPath">The error file.</param>
/// <param name="json">Whether the end is told in JSON.</param>
internal sealed class ImportReport(CliHost host, ImportKind kind, string path, long all, string errorPath, bool json)
{
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly Progress progress = new(host);
    private readonly long started = host.Clock.GetTimestamp();
    private long before;

    /// <summary>How far it is.</summary>
    public void Show(ImportCounts counts, bool isWaiting)
    {
        TimeSpan elapsed = host.Clock.GetElapsedTime(started);
        long sent = counts.Rows - before;
        long perSecond = (long)(sent / elapsed.TotalSeconds);
        string refused = Show(counts.Refused + counts.Unknown);
        string text = $"{Show(counts.Rows)} of {Show(all)} {kind.Name}, {refused} refused, {Show(perSecond)} rows/s";
        if (sent > 0) text += $", {Span(elapsed * ((double)(all - counts.Rows) / sent))} left";
        progress.Report(isWaiting ? text + "; the server is busy or away, trying again" : text, QuietFor);
    }

    /// <summary>An interrupted import goes on.</summary>
    public void WriteContinued(Checkpoint checkpoint)
    {
        before = checkpoint.Counts.Rows;
        host.WriteErrorLine(
            $"settlement: going on behind line {checkpoint.Line}, up to which {Show(before)} rows of {path} are done (--from-start begins anew)");
    }

    /// <summary>An interrupted import does not go on.</summary>
    public void WriteAnew(string why) => host.WriteErrorLine($"settlement: {why}: beginning anew; nothing is recorded twice");

    /// <summary>It ended before all rows had.</summary>
    public void WriteStopped(ImportCounts counts)
    {
        progress.End();
        host.WriteErrorLine($"settlement: stopped after {Show(counts.Rows)} of {Show(all)} rows; the same command goes on from there");
        Write(counts, isComplete: false);
    }

    /// <summary>All rows have ended.</summary>
    public void WriteDone(ImportCounts counts)
    {
        progress.End();
        Write(counts, isComplete: true);
    }

    /// <summary>All rows were checked.</summary>
    public void WriteChecked(ImportCounts counts)
    {
        (string name, long rows, long sendable) = (kind.Name, counts.Rows, counts.Recorded);
        if (json) WriteJson(new { kind = name, file = path, rows, sendable, counts.Refused, errors = ErrorsOf(counts) });
        else host.Out.WriteLine($"{path}: {Show(rows)} {name} checked, nothing sent: {Show(sendable)} can be sent{Tail(counts)}");
    }

    private void Write(ImportCounts counts, bool isComplete)
    {
        if (json)
        {
            WriteJson(new
            {
                kind = kind.Name, file = path, rows = all, counts.Recorded, counts.AlreadyThere, counts.Refused, counts.Unknown, isComplete,
                errors = ErrorsOf(counts),
            });
            return;
        }

        string there = counts.AlreadyThere > 0 ? $", {Show(counts.AlreadyThere)} were there already" : "";
        string rows = $"{Show(counts.Rows)} of {Show(all)} {kind.Name}";
        host.Out.WriteLine($"{path}: {rows}: {Show(counts.Recorded)} recorded{there}{Tail(counts)}");
    }

    private void WriteJson(object end) => host.Out.WriteLine(JsonSerializer.Serialize(end, Format));

    private string? ErrorsOf(ImportCounts counts) => counts.Refused + counts.Unknown > 0 ? errorPath : null;

    private string Tail(ImportCounts counts)
    {
        string unknown = counts.Unknown > 0 ? $", {Show(counts.Unknown)} of unknown outcome" : "";
        string where = ErrorsOf(counts) is { } file ? $": {file}" : "";
        return $", {Show(counts.Refused)} refused{unknown}{where}";
    }

    private static string Show(long count) => Text.Show.Count(count);

    private static string Span(TimeSpan span) => span.TotalHours >= 1 ? $"{(int)span.TotalHours} h {span.Minutes} min"
        : span.TotalMinutes >= 1 ? $"{span.Minutes} min {span.Seconds} s"
        : $"{span.TotalSeconds:0} s";
}
