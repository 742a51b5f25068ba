namespace Orleans.Runtime;

/// <summary>A mark: the work of grains belongs to the trace of their callers.</summary>
internal sealed class ActivityPropagation;
