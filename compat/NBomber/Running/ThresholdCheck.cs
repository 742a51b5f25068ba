using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Running;

/// <summary>A threshold while its scenario runs.</summary>
internal sealed class ThresholdCheck(string scenarioName, Threshold threshold)
{
    private readonly Func<StepStats, bool>? step = threshold.CheckStep?.Compile();
    private readonly Func<ScenarioStats, bool>? scenario = threshold.CheckScenario?.Compile();
    private readonly Func<MetricStats, bool>? metric = threshold.CheckMetric?.Compile();
    private string thrown = "";
    private int errors;

    public ThresholdResult Result => new()
    {
        ScenarioName = scenarioName,
        StepName = threshold.StepName,
        CheckExpression = $"{threshold.CheckStep ?? (object?)threshold.CheckScenario ?? threshold.CheckMetric}",
        ExceptionMsg = thrown,
        ErrorCount = errors,
        IsFailed = errors > 0,
    };

    /// <summary>Checks the figures.</summary>
    /// <returns>Whether the test is to stop.</returns>
    public bool Check(ScenarioStats stats, MetricStats metrics, TimeSpan elapsed)
    {
        if (elapsed < (threshold.StartCheckAfter ?? TimeSpan.Zero)) return false;
        if (!Holds(stats, metrics)) errors++;
        return errors >= (threshold.AbortWhenErrorCount ?? int.MaxValue);
    }

    private bool Holds(ScenarioStats stats, MetricStats metrics)
    {
        try
        {
            // A step that has not run yet breaks no promise.
            if (step is not null) return Array.Find(stats.StepStats, one => one.StepName == threshold.StepName) is not { } found
                || step(found);
            return scenario?.Invoke(stats) ?? metric!(metrics);
        }
        catch (Exception error)
        {
            thrown = error.Message;
            return false;
        }
    }
}
