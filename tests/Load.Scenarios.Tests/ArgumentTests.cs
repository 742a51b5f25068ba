namespace Settlement.Load.Scenarios.Tests;

/// <summary>What the command line takes.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("'nothing' is no scenario", "nothing")]
    [InlineData("'' is no scenario", "steady,")]
    [InlineData("--rate is '-1'", "steady", "--rate", "-1")]
    [InlineData("--duration is '90'", "steady", "--duration", "90")]
    [InlineData("--store is 'oracle'", "steady", "--store", "oracle")]
    [InlineData("--connection belongs to --store postgres", "steady", "--connection", "Host=db")]
    [InlineData("--key belongs to --target", "steady", "--key", "k")]
    [InlineData("leave them out with --target", "steady", "--target", "http://a:1", "--server", "A=B")]
    [InlineData("--target is 'a:1'", "steady", "--target", "a:1")]
    [InlineData("'--fast' is not an option", "steady", "--fast", "1")]
    [InlineData("--seed needs a value", "steady", "--seed")]
    public void A_wrong_argument_is_refused_by_name_and_value(string words, params string[] arguments) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => Settlement.Scenarios.LoadOptions.Parse(arguments)).Message);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    public void A_duration_has_a_unit(string text, int seconds) =>
        Assert.Equal(seconds, Settlement.Scenarios.LoadOptions.Parse(["soak", "--duration", text]).Seconds);

    [Fact]
    public async Task Wrong_arguments_end_with_two_and_the_usage()
    {
        LoadProcess run = await LoadProcess.RunAsync("steady", "--rate", "none");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Usage: settlement load SCENARIO[,SCENARIO]...", run.Output);
    }
}
