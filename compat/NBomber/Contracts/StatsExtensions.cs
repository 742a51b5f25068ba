using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>Finds figures by name.</summary>
public static class StatsExtensions
{
    /// <summary>The figures of a scenario.</summary>
    /// <exception cref="KeyNotFoundException">There is none of the name.</exception>
    public static ScenarioStats Get(this ScenarioStats[] scenarioStats, string name) =>
        Array.Find(scenarioStats, stats => stats.ScenarioName == name) ?? throw Missing("Scenario", name);

    /// <summary>The figures of a step.</summary>
    /// <exception cref="KeyNotFoundException">There is none of the name.</exception>
    public static StepStats Get(this StepStats[] stepStats, string name) =>
        Array.Find(stepStats, stats => stats.StepName == name) ?? throw Missing("Step", name);

    /// <summary>The figures of a status code.</summary>
    /// <exception cref="KeyNotFoundException">It did not come.</exception>
    public static StatusCodeStats Get(this StatusCodeStats[] statusCodes, string statusCode) =>
        Array.Find(statusCodes, stats => stats.StatusCode == statusCode) ?? throw Missing("Status code", statusCode);

    /// <summary>The figures of a status code; null: it did not come.</summary>
    public static StatusCodeStats? Find(this StatusCodeStats[] statusCodes, string statusCode) =>
        Array.Find(statusCodes, stats => stats.StatusCode == statusCode);

    /// <summary>A gauge.</summary>
    /// <exception cref="KeyNotFoundException">There is none of the name.</exception>
    public static GaugeStats Get(this GaugeStats[] gauges, string metricName) =>
        Array.Find(gauges, stats => stats.MetricName == metricName) ?? throw Missing("Gauge metric", metricName);

    /// <summary>Whether a gauge is known.</summary>
    public static bool Exists(this GaugeStats[] gauges, string metricName) => Array.Exists(gauges, stats => stats.MetricName == metricName);

    private static KeyNotFoundException Missing(string what, string name) => new($"{what}: '{name}' is not found.");
}
