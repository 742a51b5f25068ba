namespace Orleans.Placement;

/// <summary>Where activations of a grain class go. With one silo there is no choice.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute;
