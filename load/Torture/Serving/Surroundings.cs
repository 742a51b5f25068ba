namespace Settlement.Torture.Serving;

/// <summary>Programs of the checkout, as <c>./settlement torture</c> names them; beside this program where it does not.</summary>
internal static class Surroundings
{
    /// <summary>The server program.</summary>
    public static string Silo => Environment.GetEnvironmentVariable("SETTLEMENT_SILO")
        ?? Path.Combine(AppContext.BaseDirectory, "silo", "Settlement.Silo.dll");

    /// <summary>Folder of the packs.</summary>
    public static string Policies =>
        Environment.GetEnvironmentVariable("SETTLEMENT_POLICIES") ?? Path.Combine(AppContext.BaseDirectory, "policies");
}
