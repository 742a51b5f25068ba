using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>All policy packs a process settles by, one a pooling region.</summary>
public sealed class PolicyCatalogue
{
    private PolicyCatalogue(ImmutableArray<Pack> packs) => Packs = packs;

    /// <summary>The packs, by region.</summary>
    public ImmutableArray<Pack> Packs { get; }

    /// <summary>Loads every folder of a directory as a pack.</summary>
    /// <exception cref="InvalidPackException">One or more packs are not valid; the message lists every error as <c>file:line: reason</c>.</exception>
    public static PolicyCatalogue Load(string directory) => throw new InvalidPackException([directory]);

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
