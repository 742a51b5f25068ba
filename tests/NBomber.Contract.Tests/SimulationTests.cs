using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Settlement.LoadContract;

/// <summary>How load is made.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void Inject_begins_as_many_copies_in_each_interval_as_its_rate_says()
    {
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            _ => Task.FromResult<IResponse>(Response.Ok()),
            Simulation.Inject(rate: 20, interval: Bombing.Second, during: 2 * Bombing.Second),
            Simulation.Pause(Bombing.Second)));
        Assert.Equal(40, stats.Ok.Request.Count);
        Assert.Equal(0, stats.Fail.Request.Count);
    }

    [Fact]
    public void Inject_waits_for_no_answer_and_the_end_waits_for_all()
    {
        const int All = 30;
        int begun = 0;
        TaskCompletionSource allBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            async _ =>
            {
                // No iteration ends before the last has begun: a closed loop would never come to that.
                if (Interlocked.Increment(ref begun) == All) allBegun.SetResult();
                await allBegun.Task;
                return Response.Ok();
            },
            Simulation.Inject(rate: All, interval: Bombing.Second, during: Bombing.Second),
            Simulation.Pause(Bombing.Second)));
        Assert.Equal(All, stats.Ok.Request.Count);
    }

    [Fact]
    public void KeepConstant_never_has_more_under_way_than_its_copies()
    {
        int underWay = 0;
        ConcurrentBag<int> seen = [];
        ScenarioStats stats = Bombing.Run(Bombing.Of(
            async _ =>
            {
                seen.Add(Interlocked.Increment(ref underWay));
                await Task.Yield();
                Interlocked.Decrement(ref underWay);
                return Response.Ok();
            },
            Simulation.KeepConstant(copies: 3, during: Bombing.Second)));
        Assert.InRange(seen.Max(), 1, 3);
        Assert.Equal(seen.Count, stats.Ok.Request.Count);
    }

    [Fact]
    public void Scenarios_run_at_the_same_time_and_are_told_apart_by_name()
    {
        int met = 0;
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<IResponse> Meet()
        {
            if (Interlocked.Increment(ref met) == 2) both.SetResult();
            await both.Task;
            return Response.Ok();
        }

        LoadSimulation once = Simulation.Inject(rate: 1, interval: Bombing.Second, during: Bombing.Second);
        NodeStats stats = Bombing.RunAll(
            Scenario.Create("one", _ => Meet()).WithoutWarmUp().WithLoadSimulations(once, Simulation.Pause(Bombing.Second)),
            Scenario.Create("other", _ => Meet()).WithoutWarmUp().WithLoadSimulations(once, Simulation.Pause(Bombing.Second)));
        Assert.Equal(1, stats.ScenarioStats.Get("one").Ok.Request.Count);
        Assert.Equal(1, stats.ScenarioStats.Get("other").Ok.Request.Count);
        Assert.Throws<KeyNotFoundException>(() => stats.ScenarioStats.Get("a third"));
    }

    [Fact]
    public void Nothing_runs_when_the_preparation_throws()
    {
        int iterations = 0;
        ScenarioProps scenario = Bombing.Of(
            _ =>
            {
                Interlocked.Increment(ref iterations);
                return Task.FromResult<IResponse>(Response.Ok());
            },
            Simulation.KeepConstant(1, Bombing.Second)).WithInit(_ => throw new InvalidOperationException("no database"));
        Assert.ThrowsAny<Exception>(() => Bombing.RunAll(scenario));
        Assert.Equal(0, iterations);
    }

    [Fact]
    public void A_simulation_shorter_than_a_second_is_refused() =>
        Assert.ThrowsAny<Exception>(() => Bombing.RunAll(Bombing.Of(
            _ => Task.FromResult<IResponse>(Response.Ok()), Simulation.KeepConstant(1, TimeSpan.FromMilliseconds(10)))));
}
