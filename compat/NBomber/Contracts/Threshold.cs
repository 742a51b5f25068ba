using System.Linq.Expressions;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>A promise on the figures, checked at every reporting interval and on the final figures.</summary>
public sealed class Threshold
{
    private Threshold(
        string stepName,
        Expression<Func<StepStats, bool>>? checkStep,
        Expression<Func<ScenarioStats, bool>>? checkScenario,
        Expression<Func<MetricStats, bool>>? checkMetric,
        int? abortWhenErrorCount,
        TimeSpan? startCheckAfter)
    {
        StepName = stepName;
        CheckStep = checkStep;
        CheckScenario = checkScenario;
        CheckMetric = checkMetric;
        AbortWhenErrorCount = abortWhenErrorCount;
        StartCheckAfter = startCheckAfter;
    }

    /// <summary>The step it is about; empty: the scenario or the metrics.</summary>
    public string StepName { get; }

    /// <summary>The check of a step, or null.</summary>
    public Expression<Func<StepStats, bool>>? CheckStep { get; }

    /// <summary>The check of the scenario, or null.</summary>
    public Expression<Func<ScenarioStats, bool>>? CheckScenario { get; }

    /// <summary>The check of the metrics, or null.</summary>
    public Expression<Func<MetricStats, bool>>? CheckMetric { get; }

    /// <summary>Stops the test at so many failed checks; null: never.</summary>
    public int? AbortWhenErrorCount { get; }

    /// <summary>Time before the first check; null: none.</summary>
    public TimeSpan? StartCheckAfter { get; }

    /// <summary>A threshold on the scenario.</summary>
    public static Threshold Create(
        Expression<Func<ScenarioStats, bool>> checkScenario, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new("", null, checkScenario, null, abortWhenErrorCount, startCheckAfter);

    /// <summary>A threshold on one step.</summary>
    public static Threshold Create(
        string stepName, Expression<Func<StepStats, bool>> checkStep, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new(stepName, checkStep, null, null, abortWhenErrorCount, startCheckAfter);

    /// <summary>A threshold on the registered metrics.</summary>
    public static Threshold Create(
        Expression<Func<MetricStats, bool>> checkMetric, int? abortWhenErrorCount = null, TimeSpan? startCheckAfter = null) =>
        new("", null, null, checkMetric, abortWhenErrorCount, startCheckAfter);
}
