using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.Running;

namespace NBomber.CSharp;

/// <summary>Declares and runs a test.</summary>
public static class NBomberRunner
{
    /// <summary>A test of scenarios, which run at the same time.</summary>
    public static NBomberContext RegisterScenarios(params ScenarioProps[] scenarios) => new(scenarios);

    /// <summary>Name of the suite, for reports.</summary>
    public static NBomberContext WithTestSuite(this NBomberContext context, string testSuite) => context with { TestSuite = testSuite };

    /// <summary>Name of the test, for reports.</summary>
    public static NBomberContext WithTestName(this NBomberContext context, string testName) => context with { TestName = testName };

    /// <summary>Folder of the reports.</summary>
    public static NBomberContext WithReportFolder(this NBomberContext context, string reportFolderPath) => context with
    {
        ReportFolder = reportFolderPath,
    };

    /// <summary>Name of the reports without what stands for their form.</summary>
    public static NBomberContext WithReportFileName(this NBomberContext context, string reportFileName) => context with
    {
        ReportFileName = reportFileName,
    };

    /// <summary>Forms of the report.</summary>
    public static NBomberContext WithReportFormats(this NBomberContext context, params ReportFormat[] reportFormats) =>
        context with { ReportFormats = reportFormats };

    /// <summary>Runs the test and writes its reports.</summary>
    /// <returns>The final figures.</returns>
    /// <exception cref="InvalidOperationException">A scenario is declared wrongly, or could not be prepared.</exception>
    public static NodeStats Run(this NBomberContext context) =>
        new Session(context, TimeProvider.System).RunAsync().GetAwaiter().GetResult();
}
