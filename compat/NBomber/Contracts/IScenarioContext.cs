using NBomber.Contracts.Metrics;

namespace NBomber.Contracts;

/// <summary>What a running iteration knows of its scenario.</summary>
public interface IScenarioContext
{
    /// <summary>Name and planned length of the scenario.</summary>
    ScenarioInfo ScenarioInfo { get; }

    /// <summary>Number of the iteration, counted over the whole scenario from 1 on.</summary>
    long InvocationNumber { get; }

    /// <summary>Cancelled when the scenario stops; iterations under way then are still waited for.</summary>
    CancellationToken ScenarioCancellationToken { get; }

    /// <summary>Randomness of this copy. Not seeded.</summary>
    Random Random { get; }

    /// <summary>Stops all scenarios.</summary>
    /// <param name="reason">Is shown.</param>
    void StopCurrentTest(string reason);
}

/// <summary>What a scenario may use while it prepares itself.</summary>
public interface IScenarioInitContext
{
    /// <summary>Name and planned length of the scenario.</summary>
    ScenarioInfo ScenarioInfo { get; }

    /// <summary>Makes a gauge known, so that thresholds and reports see it.</summary>
    void RegisterMetric(IGauge gauge);
}

/// <summary>A scenario by name and length.</summary>
public sealed record ScenarioInfo
{
    /// <summary>Its name.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Sum of its simulations.</summary>
    public required TimeSpan ScenarioDuration { get; init; }
}
