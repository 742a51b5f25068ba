namespace Orleans.Runtime;

/// <summary>The caller's end of a grain. Cheap to make, safe to keep, safe to share between threads.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(ActivationDirectory directory, string key)
    {
        Directory = directory;
        Key = key;
    }

    /// <summary>The id of the grain.</summary>
    public GrainId GrainId => Directory.IdOf(Key);

    internal ActivationDirectory Directory { get; }

    internal string Key { get; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && Directory == other.Directory && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Directory, Key);

    /// <inheritdoc/>
    public override string ToString() => $"GrainReference:{GrainId}";

    /// <summary>Same grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    /// <summary>Other grain.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);
}
