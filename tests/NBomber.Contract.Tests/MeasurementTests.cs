using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Settlement.LoadContract;

/// <summary>What is counted.</summary>
public sealed class MeasurementTests
{
    private static readonly LoadSimulation[] Ten =
        [Simulation.Inject(rate: 10, interval: Bombing.Second, during: Bombing.Second), Simulation.Pause(Bombing.Second)];

    [Fact]
    public void A_custom_latency_replaces_the_measured_one_of_iteration_and_step()
    {
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            async context =>
            {
                await Step.Run("step", context, () => Task.FromResult(Response.Ok<object>(customLatencyMs: 250)));
                return Response.Ok<object>(customLatencyMs: 500);
            },
            Ten));
        Assert.Equal(500, stats.Ok.Latency.MaxMs, 1.0);
        Assert.Equal(500, stats.Ok.Latency.Percent99, 1.0);
        Assert.Equal(250, stats.StepStats.Get("step").Ok.Latency.Percent50, 1.0);
    }

    [Fact]
    public void Percentiles_follow_the_latencies()
    {
        int number = 0;
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            _ => Task.FromResult<IResponse>(Response.Ok<object>(customLatencyMs: Interlocked.Increment(ref number))),
            Simulation.Inject(rate: 200, interval: Bombing.Second, during: Bombing.Second),
            Simulation.Pause(Bombing.Second)));
        LatencyStats latency = stats.Ok.Latency;
        Assert.Equal(
            [1, 100, 150, 190, 198, 200],
            new[] { latency.MinMs, latency.Percent50, latency.Percent75, latency.Percent95, latency.Percent99, latency.MaxMs }.Select(
                value => Math.Round(value)));
    }

    [Fact]
    public void Status_codes_are_counted_for_good_and_failed_responses()
    {
        int number = 0;
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            _ => Task.FromResult<IResponse>(Interlocked.Increment(ref number) <= 3
                ? Response.Fail<object>(statusCode: "BROKEN", message: "it broke")
                : Response.Ok<object>(statusCode: "SETTLED")),
            Ten));
        Assert.Equal(7, stats.Ok.StatusCodes.Get("SETTLED").Count);
        Assert.Equal(3, stats.Fail.StatusCodes.Get("BROKEN").Count);
        Assert.Equal("it broke", stats.Fail.StatusCodes.Get("BROKEN").Message);
        Assert.Equal(30, stats.Fail.Request.Percent);
        Assert.Null(stats.Ok.StatusCodes.Find("BROKEN"));
    }

    [Fact]
    public void A_failed_step_fails_its_iteration_and_ends_it()
    {
        int later = 0;
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            async context =>
            {
                await Step.Run("breaks", context, () => Task.FromResult(Response.Fail<object>(statusCode: "BROKEN")));
                Interlocked.Increment(ref later);
                return Response.Ok();
            },
            Ten));
        Assert.Equal(0, later);
        Assert.Equal(10, stats.Fail.Request.Count);
        Assert.Equal(10, stats.StepStats.Get("breaks").Fail.Request.Count);
    }

    [Fact]
    public void What_an_iteration_throws_is_a_failure_that_tells_what_was_thrown()
    {
        ScenarioStats stats = Bombing.Run(Bombing.Of(_ => throw new InvalidOperationException("out of order"), Ten));
        Assert.Equal(10, stats.Fail.Request.Count);
        Assert.Equal("out of order", Assert.Single(stats.Fail.StatusCodes).Message);
    }

    [Fact]
    public void Iterations_are_numbered_from_one_without_gaps()
    {
        ConcurrentBag<long> numbers = [];
        Bombing.Run(Bombing.Of(
            context =>
            {
                numbers.Add(context.InvocationNumber);
                return Task.FromResult<IResponse>(Response.Ok());
            },
            Ten));
        Assert.Equal(Enumerable.Range(1, 10).Select(number => (long)number), numbers.Order());
    }
}
