using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>A scenario as declared. Made by <see cref="CSharp.Scenario"/>.</summary>
public sealed record ScenarioProps
{
    internal ScenarioProps(string name, Func<IScenarioContext, Task<IResponse>> run) => (ScenarioName, Run) = (name, run);

    /// <summary>Its name.</summary>
    public string ScenarioName { get; }

    internal Func<IScenarioContext, Task<IResponse>> Run { get; }

    internal Func<IScenarioInitContext, Task>? Init { get; init; }

    internal bool WarmsUp { get; init; } = true;

    internal LoadSimulation[] Simulations { get; init; } = [new LoadSimulation.KeepConstant(1, TimeSpan.FromMinutes(1))];

    internal Threshold[] Thresholds { get; init; } = [];

    internal TimeSpan PlannedDuration => Simulations.Aggregate(TimeSpan.Zero, (sum, simulation) => sum + simulation.During);
}

/// <summary>A run as declared. Made by <see cref="CSharp.NBomberRunner"/>.</summary>
public sealed record NBomberContext
{
    internal NBomberContext(ScenarioProps[] scenarios) => Scenarios = scenarios;

    internal ScenarioProps[] Scenarios { get; }

    internal string TestSuite { get; init; } = "nbomber_default_test_suite_name";

    internal string TestName { get; init; } = "nbomber_default_test_name";

    internal string ReportFolder { get; init; } = "reports";

    internal string ReportFileName { get; init; } = "nbomber_report";

    internal ReportFormat[] ReportFormats { get; init; } = [ReportFormat.Txt, ReportFormat.Html, ReportFormat.Csv, ReportFormat.Md];
}
