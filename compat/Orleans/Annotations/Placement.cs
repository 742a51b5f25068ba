namespace Orleans.Placement;

/// <summary>Where activations of a grain class go. With one silo there is no choice.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute;

/// <summary>
/// Places an activation on the silo with the most to spare, and on the caller's own while that is about as free. A mark only.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;
