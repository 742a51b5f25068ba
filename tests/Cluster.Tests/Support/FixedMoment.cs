using System.Globalization;

namespace Settlement.Cluster.Tests.Support;

/// <summary>A clock that stands at a moment; timers and elapsed times run on.</summary>
internal sealed class FixedMoment(string moment) : TimeProvider
{
    private readonly DateTimeOffset now = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
}
