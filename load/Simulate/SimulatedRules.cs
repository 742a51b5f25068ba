using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>The rules that are simulated: the product's own pack of Shenyang.</summary>
internal static class SimulatedRules
{
    private const int Shenyang = 210100;

    /// <summary>Loads the pack from beside the program.</summary>
    public static Pack Load() => PolicyCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "policies")).Find(Shenyang)
        ?? throw new InvalidDataException($"No pack is that of region {Shenyang}.");
}
