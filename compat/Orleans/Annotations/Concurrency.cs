using Orleans.Placement;

namespace Orleans.Concurrency;

/// <summary>Calls of this method may overlap each other between turns, but no other call.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>All calls of this class may overlap between turns.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Calls of this method may overlap any other call between turns.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>Several activations of one grain at once. The stand-in refuses grain classes that carry it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : PlacementAttribute
{
    /// <summary>As many activations as processors.</summary>
    public StatelessWorkerAttribute()
    {
    }

    /// <summary>At most this many activations.</summary>
    public StatelessWorkerAttribute(int maxLocalWorkers) => MaxLocalWorkers = maxLocalWorkers;

    internal int MaxLocalWorkers { get; }
}

/// <summary>A value that nobody changes any more: it is passed as it is, not copied.</summary>
public readonly struct Immutable<T>
{
    /// <summary>The value.</summary>
    public readonly T Value;

    /// <summary>Declares that nobody changes the value any more.</summary>
    public Immutable(T value) => Value = value;
}

/// <summary>Makes <see cref="Immutable{T}"/> values.</summary>
public static class ImmutableExtensions
{
    /// <summary>Declares that nobody changes the value any more.</summary>
    public static Immutable<T> AsImmutable<T>(this T value) => new(value);
}
