using Xunit.Abstractions;

namespace Settlement.Load.Scenarios.Tests;

/// <summary>
/// Each scenario, short and with a fixed seed: every answer as expected, and afterwards the ledger holds what was acknowledged.
/// </summary>
public sealed class ScenarioRunTests(ITestOutputHelper output)
{
    private const string Seed = "7";

    [Fact]
    public async Task Every_scenario_ends_as_expected_and_the_audit_finds_what_was_acknowledged()
    {
        LoadProcess run = await PlayAsync("steady,morning,hot,bulk,counter,soak", "--rate", "30", "--batch", "10", "--duration", "1s");
        Assert.Contains("# steady, morning, hot, bulk, counter, soak: as expected", run.Output);
        Assert.Contains("audited", run.Output);
        // A morning of one second is its last part: half the peak. Three uploads of ten are thirty settlements.
        foreach ((string scenario, int iterations) in new[] { ("steady", 30), ("morning", 15), ("hot", 30), ("bulk", 3), ("counter", 30),
            ("soak", 30) })
        {
            Assert.Contains($"| {scenario} | global information | ok | {iterations} |", run.Report($"{scenario}.md"));
            Assert.All(["html", "csv", "txt"], format => Assert.Contains(scenario, run.Report($"{scenario}.{format}")));
        }

        Assert.Contains("| counter | quote | QUOTED | ok |", run.Report("counter.md"));
        Assert.Contains("| bulk | upload of 10 | SETTLED | ok |", run.Report("bulk.md"));
        Assert.StartsWith("# ", run.Report("summary.md"));
    }

    [Fact]
    public async Task Overload_is_refused_with_the_time_to_wait_and_nothing_of_it_is_in_the_ledger()
    {
        LoadProcess run = await PlayAsync(
            "overload", "--rate", "600", "--duration", "1s", "--server", "Ledger:Writer:Count=1", "--server",
                "Ledger:Writer:QueueCapacity=1");
        Assert.Contains("| overload | global information | BUSY | ok |", run.Report("overload.md"));
        Assert.Contains("| overload | global information | SETTLED | ok |", run.Report("overload.md"));
    }

    [Fact]
    public async Task A_broken_threshold_fails_the_run()
    {
        LoadProcess run = await LoadProcess.RunAsync(
            "soak", "--rate", "5", "--duration", "1s", "--persons", "5", "--seed", Seed, "--p99", "0", "--memory", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("# soak: NOT as expected", run.Output);
        Assert.Contains("server memory", run.Report("soak.md"));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_fails_the_run()
    {
        LoadProcess run = await LoadProcess.RunAsync(
            "steady", "--rate", "5", "--duration", "1s", "--persons", "5", "--target", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the run broke off", run.Output);
    }

    private async Task<LoadProcess> PlayAsync(params string[] arguments)
    {
        LoadProcess run = await LoadProcess.RunAsync([.. arguments, "--persons", "20", "--p99", "0", "--seed", Seed]);
        output.WriteLine(run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"seed {Seed}", run.Output);
        return run;
    }
}
