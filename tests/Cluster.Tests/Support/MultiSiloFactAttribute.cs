using Orleans;

namespace Settlement.Cluster.Tests.Support;

/// <summary>
/// A test of silos that form a cluster: skipped, with its reason printed, where the build stands on the single-process stand-in.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MultiSiloFactAttribute : FactAttribute
{
    public MultiSiloFactAttribute()
    {
        if (!IsOrleans) Skip = "This build stands on the single-process stand-in for Orleans (Stack=compat): its silos form no cluster.";
    }

    private static bool IsOrleans => typeof(Grain).Assembly.GetName().Name!.StartsWith("Orleans.", StringComparison.Ordinal);
}
