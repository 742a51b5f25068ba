using NBomber.Contracts;

namespace NBomber.CSharp;

/// <summary>Makes stretches of load.</summary>
public static class Simulation
{
    /// <summary>
    /// Open model: so many copies begin in each interval, each at a random moment of it, whatever became of the earlier ones.
    /// </summary>
    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) => new LoadSimulation.Inject(rate, interval, during);

    /// <summary>Closed model: so many copies, each beginning again when it has ended.</summary>
    public static LoadSimulation KeepConstant(int copies, TimeSpan during) => new LoadSimulation.KeepConstant(copies, during);

    /// <summary>No new load; what is under way goes on. Does not count in rates.</summary>
    public static LoadSimulation Pause(TimeSpan during) => new LoadSimulation.Pause(during);
}
