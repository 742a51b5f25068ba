using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>The policy of one city: every parameter with its values through time, compiled for adjudication. Immutable.</summary>
public sealed class Pack
{
    internal Pack()
    {
    }

    /// <summary>First eight bytes of <see cref="Hash"/>, big-endian: names the pack in each ledger entry.</summary>
    public long PackKey { get; internal init; }

    /// <summary>SHA-256 of the canonical content.</summary>
    public ImmutableArray<byte> Hash { get; internal init; }

    /// <summary>Short name, the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>Version as its authors write it.</summary>
    public required string Version { get; init; }

    /// <summary>Pooling region.</summary>
    public required int Region { get; init; }

    /// <summary>All its files, for the ledger to keep; <see cref="FromArchive"/> gives the same pack back.</summary>
    public ImmutableArray<byte> Archive { get; internal init; }

    /// <summary>Rebuilds a pack from <see cref="Archive"/>.</summary>
    /// <exception cref="InvalidPackException">The bytes are no archive, or the pack in it is not valid for this build.</exception>
    public static Pack FromArchive(ReadOnlySpan<byte> archive) => throw new InvalidPackException(["archive"]);
}
