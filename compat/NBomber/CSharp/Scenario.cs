using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Declares scenarios.</summary>
public static class Scenario
{
    /// <summary>A scenario.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="run">One iteration.</param>
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => new(name, run);

    /// <summary>What is done once before the load. If it throws, nothing runs.</summary>
    public static ScenarioProps WithInit(this ScenarioProps scenario, Func<IScenarioInitContext, Task> initFunc) => scenario with
    {
        Init = initFunc,
    };

    /// <summary>No warm-up before the measured load. The stand-in knows nothing else.</summary>
    public static ScenarioProps WithoutWarmUp(this ScenarioProps scenario) => scenario with { WarmsUp = false };

    /// <summary>Its load, one stretch after the other.</summary>
    public static ScenarioProps WithLoadSimulations(this ScenarioProps scenario, params LoadSimulation[] loadSimulations) =>
        scenario with { Simulations = loadSimulations };

    /// <summary>Its promises.</summary>
    public static ScenarioProps WithThresholds(this ScenarioProps scenario, params Threshold[] thresholds) => scenario with
    {
        Thresholds = thresholds,
    };
}
