using System.Globalization;
using Spectre.Console;

namespace NBomber.Running;

/// <summary>
/// What the terminal shows while the load runs: a table that lives where there is a terminal, a line every few seconds where not.
/// </summary>
internal sealed class Progress
{
    private readonly Dictionary<ScenarioRun, Sample> latest = [];
    private LiveDisplayContext? live;
    private IReadOnlyList<ScenarioRun> shown = [];

    /// <summary>Says something below what is shown.</summary>
    public void Tell(string text)
    {
        lock (latest)
        {
            // Only beside a living table must the library that draws it write; it would fold long lines.
            if (live is null) Console.WriteLine(text);
            else AnsiConsole.WriteLine(text);
        }
    }

    /// <summary>Shows the scenarios while something runs.</summary>
    public async Task ShowAsync(IReadOnlyList<ScenarioRun> runs, Func<Task> watch)
    {
        shown = runs;
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            await watch().ConfigureAwait(false);
            return;
        }

        await AnsiConsole.Live(Table()).StartAsync(async context =>
        {
            live = context;
            await watch().ConfigureAwait(false);
            live = null;
        }).ConfigureAwait(false);
    }

    /// <summary>Takes a second into what is shown.</summary>
    /// <param name="run">The scenario.</param>
    /// <param name="sample">Its second.</param>
    /// <param name="line">Whether a terminal that cannot redraw is due a line.</param>
    public void Second(ScenarioRun run, Sample sample, bool line)
    {
        lock (latest)
        {
            latest[run] = sample;
            if (live is not null) live.UpdateTarget(Table());
            else if (line) Console.WriteLine(string.Join("  ", Cells(run)));
        }
    }

    private Table Table()
    {
        Table table = new Table().RoundedBorder()
            .AddColumns("scenario", "time", "ok/s", "failed/s", "p50", "p99", "under way");
        foreach (ScenarioRun run in shown) table.AddRow([.. Cells(run).Select(cell => new Text(cell))]);
        return table;
    }

    private string[] Cells(ScenarioRun run)
    {
        Sample sample = latest.GetValueOrDefault(run) ?? new Sample(TimeSpan.Zero, 0, 0, 0, 0);
        return
        [
            run.Info.ScenarioName,
            $"{run.Elapsed:hh\\:mm\\:ss} of {run.Info.ScenarioDuration:hh\\:mm\\:ss}",
            Text(sample.Ok, "N0"), Text(sample.Failed, "N0"), $"{Text(sample.P50, "N2")} ms", $"{Text(sample.P99, "N2")} ms",
            Text(run.UnderWay, "N0"),
        ];
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
