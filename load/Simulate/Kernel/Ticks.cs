namespace Settlement.Simulate;

/// <summary>Lengths of simulated time in ticks of 100 ns.</summary>
internal static class Ticks
{
    public const long Microsecond = TimeSpan.TicksPerMicrosecond;
    public const long Millisecond = TimeSpan.TicksPerMillisecond;
    public const long Second = TimeSpan.TicksPerSecond;
}
