namespace Settlement.Scenarios.World;

/// <summary>Things drawn in proportion to whole weights.</summary>
internal sealed class Weighted<T>
{
    private readonly (T Thing, int Reach)[] things;

    /// <summary>Things with their weights.</summary>
    public Weighted(params (T Thing, int Weight)[] weighted)
    {
        int sum = 0;
        things = [.. weighted.Select(one => (one.Thing, sum += one.Weight))];
    }

    /// <summary>One of them.</summary>
    public T Of(Draw draw)
    {
        int at = draw.Below(things[^1].Reach);
        return Array.Find(things, one => at < one.Reach).Thing;
    }
}
