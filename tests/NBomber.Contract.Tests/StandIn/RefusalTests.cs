using NBomber.Contracts;
using NBomber.CSharp;

namespace Settlement.LoadContract.StandIn;

/// <summary>What the stand-in refuses, and by which words.</summary>
public sealed class RefusalTests
{
    private static readonly ScenarioProps Good = Bombing.Of(
        _ => Task.FromResult<IResponse>(Response.Ok()), Simulation.KeepConstant(1, Bombing.Second));

    [Fact]
    public void A_scenario_with_warm_up_is_refused() =>
        Refused("the stand-in has no warm-up", Scenario.Create(Bombing.Name, _ => Task.FromResult<IResponse>(Response.Ok())));

    [Fact]
    public void Two_scenarios_of_one_name_are_refused() => Refused("is given 2 times", Good, Good);

    [Fact]
    public void A_negative_rate_is_refused() =>
        Refused("injects -1 copies", Good.WithLoadSimulations(Simulation.Inject(-1, Bombing.Second, Bombing.Second)));

    [Fact]
    public void An_interval_longer_than_its_simulation_is_refused() =>
        Refused("has an interval of", Good.WithLoadSimulations(Simulation.Inject(1, 2 * Bombing.Second, Bombing.Second)));

    [Fact]
    public void A_run_without_scenarios_is_refused() => Refused("No scenario is registered");

    private static void Refused(string words, params ScenarioProps[] scenarios) =>
        Assert.Contains(words, Assert.Throws<InvalidOperationException>(() => Bombing.RunAll(scenarios)).Message);
}
