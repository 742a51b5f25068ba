namespace Settlement.Gateway.Overload;

/// <summary>How much is taken on at once, section <c>Gateway:Overload</c>.</summary>
public sealed class OverloadOptions
{
    private const int PerProcessor = 1024;
    private const int Least = 2048;

    /// <summary>
    /// Most operations in work at once, over all callers; beyond it a request waits for a moment and is then refused as busy. 0: 1,024
    /// for each processor, at least 2,048. Callers who ask for too much get half of it, so that a call waits about as long as the server
    /// needs for that half: a quarter of a second where it settles 4,000 a second. A disk that hesitates for less makes calls wait and not
    /// fail. The wait follows from the number and the rate; it is not measured and has no bound of its own.
    /// </summary>
    public int MaxInWork { get; set; }

    /// <summary>
    /// Requests a second that one facility may send in the long run, twice as many at once, where the key file names no other number. 0: no
    /// limit. The largest hospitals settle about ten a second.
    /// </summary>
    public int FacilityRequestsPerSecond { get; set; } = 1_000;

    /// <summary>The number in force.</summary>
    public int EffectiveMaxInWork => MaxInWork > 0 ? MaxInWork : Math.Max(Least, PerProcessor * Environment.ProcessorCount);

    /// <summary>Checks every option.</summary>
    /// <exception cref="InvalidOperationException">An option is wrong; the message names it and its value.</exception>
    internal void Validate()
    {
        if (MaxInWork is < 0 or > 1_000_000)
            throw new InvalidOperationException(
                $"Gateway:Overload:MaxInWork is {MaxInWork}: it must be 0 (by processors) or up to 1000000.");
        if (FacilityRequestsPerSecond is < 0 or > 1_000_000)
            throw new InvalidOperationException(
                $"Gateway:Overload:FacilityRequestsPerSecond is {FacilityRequestsPerSecond}: it must be 0 (no limit) or up to 1000000.");
    }
}
