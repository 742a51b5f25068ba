using NBomber.Contracts.Metrics;

namespace NBomber.Contracts.Stats;

/// <summary>How many requests, and how fast they came.</summary>
public sealed record RequestStats
{
    /// <summary>Their number.</summary>
    public required int Count { get; init; }

    /// <summary>A second, over the executed time without pauses, and never over less than one second.</summary>
    public required double RPS { get; init; }

    /// <summary>Share of all requests, ok and failed, in whole percent.</summary>
    public required int Percent { get; init; }
}

/// <summary>Latencies in milliseconds.</summary>
public sealed record LatencyStats
{
    /// <summary>Shortest.</summary>
    public required double MinMs { get; init; }

    /// <summary>Mean.</summary>
    public required double MeanMs { get; init; }

    /// <summary>Longest.</summary>
    public required double MaxMs { get; init; }

    /// <summary>Median.</summary>
    public required double Percent50 { get; init; }

    /// <summary>What 75 % kept.</summary>
    public required double Percent75 { get; init; }

    /// <summary>What 95 % kept.</summary>
    public required double Percent95 { get; init; }

    /// <summary>What 99 % kept.</summary>
    public required double Percent99 { get; init; }

    /// <summary>Standard deviation.</summary>
    public required double StdDev { get; init; }
}

/// <summary>How often a status code came.</summary>
public sealed record StatusCodeStats
{
    /// <summary>The code.</summary>
    public required string StatusCode { get; init; }

    /// <summary>Whether it came with failed responses.</summary>
    public required bool IsError { get; init; }

    /// <summary>The message of the first response that had it.</summary>
    public required string Message { get; init; }

    /// <summary>How often.</summary>
    public required int Count { get; init; }

    /// <summary>Share of all requests in whole percent.</summary>
    public required int Percent { get; init; }
}

/// <summary>The figures of what went well, or of what failed.</summary>
public sealed record MeasurementStats
{
    /// <summary>Number and rate.</summary>
    public required RequestStats Request { get; init; }

    /// <summary>Latencies.</summary>
    public required LatencyStats Latency { get; init; }

    /// <summary>By status code.</summary>
    public required StatusCodeStats[] StatusCodes { get; init; }
}

/// <summary>The figures of a step.</summary>
public sealed record StepStats
{
    /// <summary>Its name.</summary>
    public required string StepName { get; init; }

    /// <summary>What went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>What failed.</summary>
    public required MeasurementStats Fail { get; init; }
}

/// <summary>The figures of a scenario.</summary>
public sealed record ScenarioStats
{
    /// <summary>Its name.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Iterations that went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>Iterations that failed.</summary>
    public required MeasurementStats Fail { get; init; }

    /// <summary>Its steps, in the order in which they first ran.</summary>
    public required StepStats[] StepStats { get; init; }

    /// <summary>How long it ran.</summary>
    public required TimeSpan Duration { get; init; }
}

/// <summary>How a threshold came out.</summary>
public sealed record ThresholdResult
{
    /// <summary>Its scenario.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Its step; empty: none.</summary>
    public required string StepName { get; init; }

    /// <summary>The check as written.</summary>
    public required string CheckExpression { get; init; }

    /// <summary>What a check threw last; empty: nothing.</summary>
    public required string ExceptionMsg { get; init; }

    /// <summary>How many checks failed.</summary>
    public required int ErrorCount { get; init; }

    /// <summary>Whether any check failed.</summary>
    public required bool IsFailed { get; init; }
}

/// <summary>Forms of a report.</summary>
public enum ReportFormat
{
    /// <summary>Plain text.</summary>
    Txt = 0,

    /// <summary>One HTML file that needs nothing else.</summary>
    Html = 1,

    /// <summary>Comma-separated values.</summary>
    Csv = 2,

    /// <summary>Markdown.</summary>
    Md = 3,
}

/// <summary>A report that was written.</summary>
public sealed record ReportFile
{
    /// <summary>Where.</summary>
    public required string FilePath { get; init; }

    /// <summary>In which form.</summary>
    public required ReportFormat ReportFormat { get; init; }
}

/// <summary>The figures of a run.</summary>
public sealed record NodeStats
{
    /// <summary>Of each scenario.</summary>
    public required ScenarioStats[] ScenarioStats { get; init; }

    /// <summary>The registered metrics at the end.</summary>
    public required MetricStats Metrics { get; init; }

    /// <summary>Every threshold.</summary>
    public required ThresholdResult[] Thresholds { get; init; }

    /// <summary>How long the longest scenario ran.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The reports written.</summary>
    public required ReportFile[] ReportFiles { get; init; }
}
