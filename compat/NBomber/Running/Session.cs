using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using NBomber.Reports;

namespace NBomber.Running;

/// <summary>One run of a test: prepares, loads, watches, reports.</summary>
internal sealed class Session(NBomberContext context, TimeProvider time)
{
    // As NBomber has them by default.
    private const int ReportingSeconds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly List<ScenarioRun> runs = [];
    private readonly Progress progress = new();

    private MetricStats Metrics => new() { Gauges = [.. runs.SelectMany(run => run.Gauges).DistinctBy(gauge => gauge.MetricName)] };

    /// <summary>Runs the test.</summary>
    /// <exception cref="InvalidOperationException">A scenario is declared wrongly, or could not be prepared.</exception>
    public async Task<NodeStats> RunAsync()
    {
        Validate();
        try
        {
            runs.AddRange(context.Scenarios.Select(scenario => new ScenarioRun(scenario, time, StopAll, progress.Tell)));
            foreach (ScenarioRun run in runs) await InitAsync(run).ConfigureAwait(false);
            Task load = Task.WhenAll(runs.Select(run => run.RunAsync(Patience)));
            await progress.ShowAsync(runs, () => WatchAsync(load)).ConfigureAwait(false);
            await load.ConfigureAwait(false);
            CheckThresholds();
            return Report();
        }
        finally
        {
            foreach (ScenarioRun run in runs) run.Dispose();
        }
    }

    private static async Task InitAsync(ScenarioRun run)
    {
        try
        {
            await run.InitAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"Scenario '{run.Info.ScenarioName}' could not be prepared: {error.Message}", error);
        }
    }

    private void Validate()
    {
        string? fault = context.Scenarios.Length == 0 ? "No scenario is registered." : null;
        fault ??= context.Scenarios.CountBy(scenario => scenario.ScenarioName).Where(name => name.Value > 1)
            .Select(name => $"Scenario name '{name.Key}' is given {name.Value} times.").FirstOrDefault();
        fault ??= context.Scenarios.Where(scenario => scenario.WarmsUp)
            .Select(scenario => $"Scenario '{scenario.ScenarioName}': the stand-in has no warm-up, call WithoutWarmUp().").FirstOrDefault();
        fault ??= context.Scenarios.SelectMany(scenario => scenario.Simulations
            .Where(simulation => simulation.Fault is not null)
            .Select(simulation => $"Scenario '{scenario.ScenarioName}': a simulation {simulation.Fault}.")).FirstOrDefault();
        if (fault is not null) throw new InvalidOperationException(fault);
    }

    private async Task WatchAsync(Task load)
    {
        using PeriodicTimer beat = new(TimeSpan.FromSeconds(1), time);
        for (int second = 1; !load.IsCompleted; second++)
        {
            Task<bool> tick = beat.WaitForNextTickAsync().AsTask();
            await Task.WhenAny(load, tick).ConfigureAwait(false);
            foreach (ScenarioRun run in runs) progress.Second(run, run.TakeSample(), second % ReportingSeconds == 0);
            if (second % ReportingSeconds == 0 && CheckThresholds()) StopAll("a threshold was broken as often as it allows");
        }
    }

    private bool CheckThresholds()
    {
        bool abort = false;
        foreach (ScenarioRun run in runs)
        {
            ScenarioStats stats = run.Stats();
            foreach (ThresholdCheck check in run.Thresholds) abort |= check.Check(stats, Metrics, run.Elapsed);
        }

        return abort;
    }

    private void StopAll(string reason)
    {
        progress.Tell($"stopping: {reason}");
        foreach (ScenarioRun run in runs) run.Stop();
    }

    private NodeStats Report()
    {
        NodeStats stats = new()
        {
            ScenarioStats = [.. runs.Select(run => run.Stats())],
            Metrics = Metrics,
            Thresholds = [.. runs.SelectMany(run => run.Thresholds.Select(check => check.Result))],
            Duration = runs.Max(run => run.Stats().Duration),
            ReportFiles = [],
        };
        ReportModel model = new(context.TestSuite, context.TestName, time.GetUtcNow(), stats, [.. runs]);
        progress.Tell(TextReport.Write(model));
        return stats with { ReportFiles = [.. ReportWriter.Write(model, context)] };
    }
}
