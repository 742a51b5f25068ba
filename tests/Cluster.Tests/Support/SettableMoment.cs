using System.Globalization;

namespace Settlement.Cluster.Tests.Support;

/// <summary>A clock that stands at a moment until a test sets another; timers and elapsed times run on.</summary>
internal sealed class SettableMoment(string moment) : TimeProvider
{
    private long ticks = Parse(moment);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    /// <summary>Sets the clock.</summary>
    public void Set(string to) => Interlocked.Exchange(ref ticks, Parse(to));

    private static long Parse(string moment) => DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture).UtcTicks;
}
