using Settlement.Fuzz.Inputs;
using Settlement.Policy;

namespace Settlement.Fuzz.Targets;

/// <summary>Packs: one file of a real pack is changed, the whole is read.</summary>
internal sealed class PackTarget : ITarget
{
    private readonly string folder;
    private readonly PackFile header;
    private readonly PackFile[] files;

    /// <summary>Reads a pack to begin with.</summary>
    public PackTarget(string policies)
    {
        folder = Path.Combine(policies, "shenyang");
        files = [.. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            .Select(file => new PackFile(Path.GetFileName(file), File.ReadAllBytes(file)))];
        header = files.Single(file => file.Name == "pack.yaml");
    }

    public string Name => "packs";

    public int Share => 5;

    public int AtOnce => 2;

    public Task<string?> TryAsync(Chance chance, CancellationToken patience)
    {
        PackFile file = chance.Of(files);
        PackFile changed = file with { Content = ByteMutator.Change(file.Content, chance, mostLength: 20_000) };
        // With two files instead of all, reading is fast; what else is missing is only one more error.
        PackReader.Read(folder, changed.Name == header.Name ? [changed] : [header, changed], new PackErrors());
        return Task.FromResult<string?>(null);
    }
}
