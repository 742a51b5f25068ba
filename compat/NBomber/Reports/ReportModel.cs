using System.Globalization;
using NBomber.Contracts.Stats;
using NBomber.Running;

namespace NBomber.Reports;

/// <summary>What all forms of a report tell.</summary>
internal sealed record ReportModel(string Suite, string Test, DateTimeOffset At, NodeStats Stats, ScenarioRun[] Runs)
{
    /// <summary>Heads of <see cref="Rows"/>.</summary>
    public static readonly string[] Columns =
        ["scenario", "step", "outcome", "count", "a second", "percent", "min ms", "mean ms", "max ms", "p50 ms", "p75 ms", "p95 ms",
            "p99 ms", "std dev ms"];

    /// <summary>One row for what went well and one for what failed, of each scenario and step.</summary>
    public IEnumerable<string[]> Rows()
    {
        foreach (ScenarioStats scenario in Stats.ScenarioStats)
        {
            StepStats whole = new() { StepName = Recorder.Whole, Ok = scenario.Ok, Fail = scenario.Fail };
            foreach (StepStats step in scenario.StepStats.Prepend(whole))
            {
                yield return Row(scenario.ScenarioName, step.StepName, "ok", step.Ok);
                if (step.Fail.Request.Count > 0) yield return Row(scenario.ScenarioName, step.StepName, "failed", step.Fail);
            }
        }
    }

    /// <summary>One row for each status code: scenario, step, code, count, percent, message.</summary>
    public IEnumerable<string[]> Codes() =>
        from scenario in Stats.ScenarioStats
        let whole = new StepStats { StepName = Recorder.Whole, Ok = scenario.Ok, Fail = scenario.Fail }
        from step in scenario.StepStats.Prepend(whole)
        from code in step.Ok.StatusCodes.Concat(step.Fail.StatusCodes)
        select new[]
        {
            scenario.ScenarioName, step.StepName, code.StatusCode, code.IsError
            ? "failed"
            : "ok", Number(code.Count), Number(code.Percent), code.Message,
        };

    /// <summary>One row for each threshold: scenario, step, check, outcome.</summary>
    public IEnumerable<string[]> Thresholds() => Stats.Thresholds.Select(threshold => new[]
    {
        threshold.ScenarioName, threshold.StepName, threshold.CheckExpression,
        threshold.IsFailed ? $"broken {threshold.ErrorCount} times {threshold.ExceptionMsg}".TrimEnd() : "kept",
    });

    /// <summary>One row for each gauge: name, value, unit.</summary>
    public IEnumerable<string[]> Gauges() =>
        Stats.Metrics.Gauges.Select(gauge => new[] { gauge.MetricName, Number(gauge.Value), gauge.UnitOfMeasure });

    /// <summary>A number as reports write it.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string[] Row(string scenario, string step, string outcome, MeasurementStats stats) =>
    [
        scenario, step, outcome, Number(stats.Request.Count), Number(stats.Request.RPS), Number(stats.Request.Percent),
        Number(stats.Latency.MinMs),
        Number(stats.Latency.MeanMs), Number(stats.Latency.MaxMs), Number(stats.Latency.Percent50), Number(stats.Latency.Percent75),
        Number(stats.Latency.Percent95), Number(stats.Latency.Percent99), Number(stats.Latency.StdDev),
    ];
}
