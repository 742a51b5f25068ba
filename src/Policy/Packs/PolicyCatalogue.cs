using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>All policy packs a process settles by, one a pooling region.</summary>
public sealed class PolicyCatalogue
{
    private PolicyCatalogue(ImmutableArray<Pack> packs) => Packs = packs;

    /// <summary>The packs, by region.</summary>
    public ImmutableArray<Pack> Packs { get; }

    /// <summary>Loads every folder of a directory as a pack, but those of the register and the floors.</summary>
    /// <exception cref="InvalidPackException">One or more packs are not valid; the message lists every error as <c>file:line:
    /// reason</c>.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static PolicyCatalogue Load(string directory)
    {
        var errors = new PackErrors();
        var packs = new List<Pack>();
        foreach (var folder in Directory.GetDirectories(directory).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(folder) is PolicyRegister.Folder or ProvincialFloors.Folder)
                continue;

            if (PackReader.ReadFolder(folder, errors) is not { } pack)
                continue;

            if (packs.Find(p => p.Region == pack.Region) is { } first)
                errors.Add($"{pack.Name}/pack.yaml", 1, $"region {pack.Region} is already that of {first.Name}");

            packs.Add(pack);
        }

        if (!errors.Any && packs.Count == 0)
            errors.Add(Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)), 1,
                "the directory holds no pack: each is a folder with a pack.yaml");

        return errors.Any ? throw new InvalidPackException(errors.Sorted()) : new PolicyCatalogue([.. packs.OrderBy(p => p.Region)]);
    }

    /// <summary>A catalogue of given packs.</summary>
    public static PolicyCatalogue Of(params ReadOnlySpan<Pack> packs) => new([.. packs]);

    /// <summary>The pack of a region, or null.</summary>
    public Pack? Find(int region)
    {
        foreach (var pack in Packs)
            if (pack.Region == region)
                return pack;

        return null;
    }
}

/// <summary>Errors found in one or more packs.</summary>
public sealed class InvalidPackException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    /// <summary>Each error as <c>file:line: reason</c>.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
