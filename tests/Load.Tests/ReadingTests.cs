using Settlement.Bench;
using Settlement.Bench.Output;
using Settlement.Bench.Subjects;
using Settlement.Measurement;

namespace Settlement.Load.Tests;

/// <summary>What is read from other programs and from the kernel, and what is made of it.</summary>
public sealed class ReadingTests
{
    private const string PgbenchReport = """
        number of transactions actually processed: 2612
        number of failed transactions: 0 (0.000%)
        latency average = 24.499 ms
        initial connection time = 28.125 ms
        tps = 1306.187654 (without initial connection time)
        """;

    private const string H2loadReport = """
        finished in 3.00s, 81234.33 req/s, 9.91MB/s
        requests: 243703 total, 243959 started, 243703 done, 243703 succeeded, 0 failed, 0 errored, 0 timeout
        0m0.001s 0m0.002s
        0m1.500s 0m0.937030s
        """;

    [Fact]
    public void A_process_named_with_brackets_and_blanks_is_read_right() => Assert.Equal(
        (77, 10 + 20 + 300 + 4000),
        ProcessorTime.Parse("123 (a) b (c) S 77 1 1 0 -1 4194560 1 2 3 4 10 20 300 4000 20 0 1 0 100 0 0"));

    [Fact]
    public void The_time_of_threads_is_told_by_their_name()
    {
        const string Name = "a thread that is busy";
        using ManualResetEventSlim seen = new();
        Thread busy = new(() =>
        {
            while (!seen.IsSet) Thread.SpinWait(1_000);
        })
        {
            Name = Name,
        };
        Assert.Equal(0, ProcessorTime.OfThreads(Environment.ProcessId, Name));
        busy.Start();
        Assert.True(SpinWait.SpinUntil(() => ProcessorTime.OfThreads(Environment.ProcessId, Name) > 0, TimeSpan.FromMinutes(1)));
        seen.Set();
        busy.Join();
        Assert.Throws<InvalidOperationException>(() => ProcessorTime.OfThreads(int.MaxValue, Name));
    }

    [Fact]
    public void The_time_of_a_process_holds_that_of_its_children_and_grows()
    {
        long before = ProcessorTime.OfTree(Environment.ProcessId);
        Assert.True(ProcessorTime.OfTree(1) >= 0);
        Assert.True(ProcessorTime.OfTree(Environment.ProcessId) >= before);
        Assert.True(ProcessorTime.ParentOf(Environment.ProcessId) > 0);
        Assert.Throws<InvalidOperationException>(() => ProcessorTime.OfTree(int.MaxValue));
    }

    [Fact]
    public void Pgbench_s_report_gives_transactions_and_rate() => Assert.Equal((2612, 1306.187654), Pgbench.Parse(PgbenchReport));

    [Theory]
    [InlineData("number of failed transactions: 0", "number of failed transactions: 3")]
    [InlineData("actually processed: 2612", "actually processed: 0")]
    [InlineData("tps =", "speed =")]
    public void A_report_of_failures_or_of_something_else_is_refused(string text, string instead) =>
        Assert.Throws<InvalidOperationException>(() => Pgbench.Parse(PgbenchReport.Replace(text, instead, StringComparison.Ordinal)));

    [Fact]
    public void H2load_s_report_gives_rate_and_processor_time_of_a_request()
    {
        (double rate, double microseconds) = GeneratorCheck.Parse(H2loadReport);
        Assert.Equal(81234.33, rate);
        Assert.Equal(2_437_030.0 / 243703, microseconds, 6);
    }

    [Theory]
    [InlineData("243703 succeeded, 0 failed", "243702 succeeded, 1 failed")]
    [InlineData("0 errored", "5 errored")]
    [InlineData("finished", "ended")]
    public void A_report_of_h2load_with_errors_is_refused(string text, string instead) =>
        Assert.Throws<InvalidOperationException>(() => GeneratorCheck.Parse(H2loadReport.Replace(text, instead, StringComparison.Ordinal)));

    [Fact]
    public void Options_are_read_and_quick_leaves_what_is_said_to_be_otherwise()
    {
        BenchOptions options = BenchOptions.Parse(["--seconds", "7", "--quick", "--only", "empty,row-lock"]);
        Assert.Equal((7, 2), (options.Seconds, options.Rounds));
        Assert.True(options.Wants(Scenarios.RowLock));
        Assert.False(options.Wants(Scenarios.Grain));
        Assert.True(BenchOptions.Parse(["--check-generator"]).CheckGenerator);
    }

    [Fact]
    public void Another_build_is_asked_for_by_its_program_and_settings_and_only_then()
    {
        BenchOptions options = BenchOptions.Parse(["--only", "empty", "--beside", "old/Settlement.Silo.dll,Ledger:Writer:Count=2"]);
        Assert.Equal(["old/Settlement.Silo.dll", "Ledger:Writer:Count=2"], options.Beside);
        Assert.True(options.Wants(Scenarios.Beside));
        Assert.False(BenchOptions.Parse([]).Wants(Scenarios.Beside));
    }

    [Fact]
    public void Another_build_is_held_against_the_product_round_by_round()
    {
        Figures[] figures =
        [
            Round(Scenarios.SettlePostgres, 1, 10_000), Round(Scenarios.SettlePostgres, 2, 20_000),
            Round(Scenarios.SettlePostgres, 3, 5_000),
            Round(Scenarios.Beside, 1, 12_000), Round(Scenarios.Beside, 2, 22_000), Round(Scenarios.Beside, 3, 4_000),
        ];
        // The ratios are 1.2, 1.1 and 0.8; that of the medians would be 1.2.
        Assert.Contains(Report.Lines(figures), line => line.StartsWith("settle-beside is 1.100 (0.800 - 1.200) x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds", "two")]
    [InlineData("--only", "everything")]
    [InlineData("--only", "settle-beside")]
    [InlineData("--beside", "old")]
    [InlineData("--what", "1")]
    [InlineData("--in-flight", "3")]
    public void A_wrong_option_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => BenchOptions.Parse([name, value]));

    [Fact]
    public void The_table_gives_medians_and_ratios_within_the_run()
    {
        Figures[] figures =
        [
            Round(Scenarios.Empty, 1, 100_000), Round(Scenarios.Empty, 2, 80_000), Round(Scenarios.Empty, 3, 90_000),
            Round(Scenarios.SettlePostgres, 1, 45_000), Round(Scenarios.OneStatement, 1, 4_500), Round(Scenarios.RowLock, 1, 1_500),
        ];
        string[] lines = [.. Report.Lines(figures)];
        string settle = lines.Single(line => line.StartsWith(Scenarios.SettlePostgres, StringComparison.Ordinal)
            && line.Contains("45,000"));
        Assert.EndsWith("0.50      -         10.00", settle);
        Assert.Contains("90,000   80,000 - 100,000", lines.Single(line => line.StartsWith(Scenarios.Empty, StringComparison.Ordinal)));
        Assert.Contains("settle-postgres is 30.00 x row-lock", lines);
        Assert.DoesNotContain(lines, line => line.Contains("bulk-stream"));
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 3 }, 2.5)]
    public void The_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Median.Of(values));

    private static Figures Round(string scenario, int round, long operations) =>
        new(scenario, round, operations, 1, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 10, null, 5, null);
}
