using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Settlement.Scenarios.Arrivals;
using Settlement.Scenarios.Checking;
using Settlement.Scenarios.Serving;
using Settlement.Scenarios.World;

namespace Settlement.Scenarios.Playing;

/// <summary>Everything a scenario plays with.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Rate">Arrivals a second.</param>
/// <param name="Seconds">Length.</param>
/// <param name="Server">Who is loaded.</param>
/// <param name="Population">Who comes.</param>
/// <param name="Discharges">What for.</param>
/// <param name="Acknowledged">What was answered.</param>
/// <param name="ReportFolder">Where this run reports.</param>
internal sealed record Stage(
    LoadOptions Options, int Rate, int Seconds, Server Server, Population Population, Discharges Discharges, Acknowledged Acknowledged,
    string ReportFolder)
{
    /// <summary>Nothing unexpected is tolerated, and a run that meets it is not worth finishing.</summary>
    public static Threshold NoFailure => Threshold.Create(stats => stats.Fail.Request.Count == 0, abortWhenErrorCount: 1);

    /// <summary>That, and the latency which 99 % must keep.</summary>
    public Threshold[] Thresholds()
    {
        double most = Options.P99;
        return Options.P99 == 0 ? [NoFailure] : [NoFailure, Threshold.Create(stats => stats.Ok.Latency.Percent99 <= most)];
    }

    /// <summary>Plays arrivals by a plan.</summary>
    /// <param name="name">Of the scenario in the reports.</param>
    /// <param name="plan">When they come.</param>
    /// <param name="iteration">What one does.</param>
    /// <param name="thresholds">What is promised.</param>
    /// <param name="init">Done before, or null.</param>
    public NodeStats Play(
        string name, ArrivalPlan plan, Func<IScenarioContext, Arrival, Task<IResponse>> iteration, Threshold[] thresholds,
        Func<IScenarioInitContext, Task>? init = null)
    {
        ArrivalClock clock = new(plan, Options.Seed, TimeProvider.System);
        return Play(name, async context => await iteration(context, await clock.NextAsync()), thresholds, plan.Simulations(), init);
    }

    /// <summary>Plays simulations as they are.</summary>
    public NodeStats Play(
        string name, Func<IScenarioContext, Task<IResponse>> iteration, Threshold[] thresholds, LoadSimulation[] load,
        Func<IScenarioInitContext, Task>? init = null) =>
        NBomberRunner
            .RegisterScenarios(NBomber.CSharp.Scenario.Create(name, iteration)
                .WithInit(init ?? (_ => Task.CompletedTask))
                .WithoutWarmUp()
                .WithLoadSimulations(load)
                .WithThresholds(thresholds))
            .WithTestSuite("settlement")
            .WithTestName($"{name}, seed {Options.Seed}")
            .WithReportFolder(ReportFolder)
            .WithReportFileName(name)
            .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv, ReportFormat.Txt)
            .Run();
}
