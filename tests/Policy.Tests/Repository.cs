namespace Settlement.Policy.Tests;

/// <summary>The packs of the repository, loaded once.</summary>
internal static class Repository
{
    public static string Policies { get; } = Path.Combine(AppContext.BaseDirectory, "policies");

    public static PolicyCatalogue Catalogue { get; } = PolicyCatalogue.Load(Policies);

    public static Adjudicator Adjudicator { get; } = new(Catalogue);
}
