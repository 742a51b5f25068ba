namespace Settlement.Policy.Tests;

/// <summary>
/// The packs and floors of the repository, loaded once; the mutation check puts changed ones in their place, for its own flow of control
/// only.
/// </summary>
internal static class Repository
{
    private static readonly Adjudicator Original = new(PolicyCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "policies")));
    private static readonly ProvincialFloors OriginalFloors = ProvincialFloors.Load(Path.Combine(AppContext.BaseDirectory, "policies"))
        .Single();
    private static readonly AsyncLocal<Adjudicator?> Changed = new();
    private static readonly AsyncLocal<ProvincialFloors?> ChangedFloors = new();

    public static string Policies { get; } = Path.Combine(AppContext.BaseDirectory, "policies");

    /// <summary>The folder of the repository itself.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static PolicyCatalogue Catalogue => Adjudicator.Catalogue;

    public static Adjudicator Adjudicator => Changed.Value ?? Original;

    /// <summary>The floors of the province.</summary>
    public static ProvincialFloors Floors => ChangedFloors.Value ?? OriginalFloors;

    /// <summary>Uses other packs until disposed.</summary>
    public static IDisposable Use(Adjudicator adjudicator)
    {
        Changed.Value = adjudicator;
        return new Restore();
    }

    /// <summary>Uses other floors until disposed.</summary>
    public static IDisposable Use(ProvincialFloors floors)
    {
        ChangedFloors.Value = floors;
        return new Restore();
    }

    private static string FindRoot(DirectoryInfo folder)
        => Directory.Exists(Path.Combine(folder.FullName, "policies")) && Directory.Exists(Path.Combine(folder.FullName, "src"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside the repository"));

    private sealed class Restore : IDisposable
    {
        public void Dispose() => (Changed.Value, ChangedFloors.Value) = (null, null);
    }
}
