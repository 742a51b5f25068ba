using Orleans;

namespace Settlement.Cluster.Tests.Support;

/// <summary>
/// A test of silos that form a cluster: skipped, with its reason printed, where the build stands on the single-process stand-in.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MultiSiloFactAttribute : FactAttribute
{
    public MultiSiloFactAttribute() => Skip = Lacking;

    /// <summary>Why there is no cluster; null where the build stands on Orleans.</summary>
    internal static string? Lacking => typeof(Grain).Assembly.GetName().Name!.StartsWith("Orleans.", StringComparison.Ordinal)
        ? null
        : "This build stands on the single-process stand-in for Orleans (Stack=compat): its silos form no cluster.";
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MultiSiloTheoryAttribute : TheoryAttribute
{
    public MultiSiloTheoryAttribute() => Skip = MultiSiloFactAttribute.Lacking;
}
