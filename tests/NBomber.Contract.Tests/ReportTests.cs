using System.Text.RegularExpressions;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Settlement.LoadContract;

/// <summary>What is written after a run.</summary>
public sealed partial class ReportTests
{
    private static readonly Lazy<NodeStats> Stats = new(() => Bombing.RunAll(Bombing.Of(
        async context =>
        {
            await Step.Run("a step", context, () => Task.FromResult(Response.Ok<object>(statusCode: "SETTLED", customLatencyMs: 3)));
            return Response.Ok();
        },
        Simulation.Inject(rate: 10, interval: Bombing.Second, during: Bombing.Second),
        Simulation.Pause(Bombing.Second))));

    [Theory]
    [InlineData(ReportFormat.Html)]
    [InlineData(ReportFormat.Md)]
    [InlineData(ReportFormat.Csv)]
    [InlineData(ReportFormat.Txt)]
    public void Every_form_asked_for_is_written_and_names_scenario_and_step(ReportFormat format)
    {
        string text = Text(format);
        Assert.Contains(Bombing.Name, text);
        Assert.Contains("a step", text);
    }

    [Fact]
    public void The_html_report_asks_for_nothing_outside_itself() =>
        Assert.Empty(Outside().Matches(Text(ReportFormat.Html)).Select(match => match.Value));

    private static string Text(ReportFormat format) =>
        File.ReadAllText(Assert.Single(Stats.Value.ReportFiles, file => file.ReportFormat == format).FilePath);

    [GeneratedRegex("""<(script|link|img|iframe)[^>]+(src|href)\s*=\s*["']?(https?:)?//[^"'\s>]+""")]
    private static partial Regex Outside();
}
