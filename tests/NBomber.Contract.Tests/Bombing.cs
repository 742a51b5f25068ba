using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Settlement.LoadContract;

/// <summary>Runs one scenario with reports in a folder of its own.</summary>
internal static class Bombing
{
    public const string Name = "scenario under test";

    public static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Run blocks its thread, and several test classes run at once: the load must not wait for threads.
    static Bombing() => ThreadPool.SetMinThreads(32, 32);

    public static ScenarioProps Of(Func<IScenarioContext, Task<IResponse>> run, params LoadSimulation[] load) =>
        Scenario.Create(Name, run).WithoutWarmUp().WithLoadSimulations(load);

    public static ScenarioStats Run(ScenarioProps scenario) => RunAll(scenario).ScenarioStats.Get(Name);

    public static NodeStats RunAll(params ScenarioProps[] scenarios) => NBomberRunner.RegisterScenarios(scenarios)
        .WithTestSuite("contract")
        .WithTestName("a test")
        .WithReportFolder(Directory.CreateTempSubdirectory("nbomber-contract-").FullName)
        .WithReportFileName("report")
        .WithReportFormats(ReportFormat.Html, ReportFormat.Md, ReportFormat.Csv, ReportFormat.Txt)
        .Run();
}
