namespace Settlement.Scenarios.Serving;

/// <summary>Programs of the checkout, as <c>./settlement load</c> names them.</summary>
internal static class Surroundings
{
    /// <summary>The server program.</summary>
    public static string Silo => Setting("SETTLEMENT_SILO");

    /// <summary>The command line, for its audit.</summary>
    public static string Cli => Setting("SETTLEMENT_CLI");

    /// <summary>Folder of the packs.</summary>
    public static string Policies => Setting("SETTLEMENT_POLICIES");

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run the scenarios with './settlement load'.");
}
