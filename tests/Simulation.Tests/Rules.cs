using Settlement.Policy;
using Settlement.Simulate;

namespace Settlement.Simulation.Tests;

/// <summary>The pack, loaded once.</summary>
internal static class Rules
{
    public static Pack Pack { get; } = SimulatedRules.Load();
}
