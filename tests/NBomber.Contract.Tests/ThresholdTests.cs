using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Settlement.LoadContract;

/// <summary>Promises on the figures.</summary>
public sealed class ThresholdTests
{
    private static readonly LoadSimulation[] Ten =
        [Simulation.Inject(rate: 10, interval: Bombing.Second, during: Bombing.Second), Simulation.Pause(Bombing.Second)];

    [Fact]
    public void Kept_and_broken_thresholds_of_scenario_step_and_gauge_are_told_apart()
    {
        IGauge gauge = Metric.CreateGauge("memory", "MB");
        ScenarioProps scenario = Bombing.Of(
                async context =>
                {
                    gauge.Set(64);
                    await Step.Run("step", context, () => Task.FromResult(Response.Ok<object>(customLatencyMs: 20)));
                    return Response.Ok();
                },
                Ten)
            .WithInit(context =>
            {
                context.RegisterMetric(gauge);
                return Task.CompletedTask;
            })
            .WithThresholds(
                Threshold.Create(stats => stats.Fail.Request.Count == 0),
                Threshold.Create(stats => stats.Ok.Request.Count > 1000),
                Threshold.Create("step", step => step.Ok.Latency.Percent99 < 100),
                Threshold.Create("step", step => step.Ok.Latency.Percent99 < 10),
                Threshold.Create(metrics => metrics.Gauges.Get("memory").Value < 100),
                Threshold.Create(metrics => metrics.Gauges.Get("memory").Value < 10));
        NodeStats stats = Bombing.RunAll(scenario);
        Assert.Equal([false, true, false, true, false, true], stats.Thresholds.Select(threshold => threshold.IsFailed));
        Assert.Equal(64, stats.Metrics.Gauges.Get("memory").Value);
    }

    [Fact]
    public void A_broken_threshold_ends_the_test_when_it_says_so()
    {
        TimeSpan planned = TimeSpan.FromMinutes(5);
        NodeStats stats = Bombing.RunAll(Bombing.Of(
                _ => Task.FromResult<IResponse>(Response.Fail()), Simulation.Inject(rate: 5, interval: Bombing.Second, during: planned))
            .WithThresholds(Threshold.Create(figures => figures.Fail.Request.Count == 0, abortWhenErrorCount: 1)));
        Assert.True(stats.Duration < planned);
        Assert.True(Assert.Single(stats.Thresholds).IsFailed);
    }

    [Fact]
    public void An_iteration_can_end_the_test()
    {
        NodeStats stats = Bombing.RunAll(Bombing.Of(
            context =>
            {
                context.StopCurrentTest("seen enough");
                return Task.FromResult<IResponse>(Response.Ok());
            },
            Simulation.Inject(rate: 5, interval: Bombing.Second, during: TimeSpan.FromMinutes(5))));
        Assert.True(stats.Duration < TimeSpan.FromMinutes(5));
    }
}
