using Orleans.Runtime;

namespace Orleans;

/// <summary>Ids of grains and references.</summary>
public static class GrainExtensions
{
    /// <summary>The id of a grain or of a reference to one.</summary>
    /// <exception cref="ArgumentException">The object is neither.</exception>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase instance => instance.GrainContext.GrainId,
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain)),
        };
    }

    /// <summary>The string key of a grain or of a reference to one.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.Key,
        IGrainBase { GrainContext: Activation activation } => activation.Key,
        _ => GetGrainId(grain).Key.ToString(),
    };
}
