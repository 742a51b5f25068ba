using System.Globalization;

namespace Settlement.Compat.Grpc.Common;

/// <summary>The text form of <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class TimeoutText
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;
    private const long NanosecondsPerTick = 100;

    internal static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            return false;
        }

        long? ticks = text[^1] switch
        {
            'n' => value / NanosecondsPerTick,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'S' => value * TimeSpan.TicksPerSecond,
            'M' => value * TimeSpan.TicksPerMinute,
            'H' => value * TimeSpan.TicksPerHour,
            _ => null,
        };
        timeout = TimeSpan.FromTicks(ticks ?? 0);
        return ticks is not null;
    }

    /// <summary>The finest unit that fits; what is left of the unit is rounded up, so that the peer never gives up first.</summary>
    internal static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 0);
        if (ticks <= MaxValue * TimeSpan.TicksPerMicrosecond)
            return Units(ticks, TimeSpan.TicksPerMicrosecond) + "u";
        if (ticks <= MaxValue * TimeSpan.TicksPerMillisecond)
            return Units(ticks, TimeSpan.TicksPerMillisecond) + "m";
        if (ticks <= MaxValue * TimeSpan.TicksPerSecond)
            return Units(ticks, TimeSpan.TicksPerSecond) + "S";
        return Math.Min(Units(ticks, TimeSpan.TicksPerHour), MaxValue) + "H";
    }

    private static long Units(long ticks, long unit) => (ticks + unit - 1) / unit;
}
