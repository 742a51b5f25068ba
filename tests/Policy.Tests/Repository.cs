namespace Settlement.Policy.Tests;

/// <summary>The packs of the repository, loaded once; the mutation check puts changed ones in their place, for its own flow of control only.</summary>
internal static class Repository
{
    private static readonly Adjudicator Original = new(PolicyCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "policies")));
    private static readonly AsyncLocal<Adjudicator?> Changed = new();

    public static string Policies { get; } = Path.Combine(AppContext.BaseDirectory, "policies");

    public static PolicyCatalogue Catalogue => Adjudicator.Catalogue;

    public static Adjudicator Adjudicator => Changed.Value ?? Original;

    /// <summary>Uses other packs until disposed.</summary>
    public static IDisposable Use(Adjudicator adjudicator)
    {
        Changed.Value = adjudicator;
        return new Restore();
    }

    private sealed class Restore : IDisposable
    {
        public void Dispose() => Changed.Value = null;
    }
}
