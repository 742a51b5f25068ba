namespace Settlement.Policy.Tests;

/// <summary>The packs of the repository, loaded once.</summary>
internal static class Repository
{
    public static string Policies { get; } = Path.Combine(AppContext.BaseDirectory, "policies");

    /// <summary>The folder of the repository itself.</summary>
    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static PolicyCatalogue Catalogue { get; } = PolicyCatalogue.Load(Policies);

    public static Adjudicator Adjudicator { get; } = new(Catalogue);

    private static string FindRoot(DirectoryInfo folder)
        => Directory.Exists(Path.Combine(folder.FullName, "policies")) && Directory.Exists(Path.Combine(folder.FullName, "src"))
            ? folder.FullName
            : FindRoot(folder.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside the repository"));
}
