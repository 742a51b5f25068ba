using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Settlement.Gateway.Feeding;
using Settlement.Refusals;

namespace Settlement.Gateway;

/// <summary>
/// The gateway's measurements, all of them. Dimensions are operations, statuses and reason codes: never a person, facility or request.
/// </summary>
public static class GatewayMetrics
{
    /// <summary>Name of the meter, for whoever collects.</summary>
    public const string MeterName = "Settlement.Gateway";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>(
            "settlement.gateway.request.duration", "s", "Time from a request to its answer, by operation, status and reason.");

    private static readonly Counter<long> FeedChanges =
        Meter.CreateCounter<long>("settlement.gateway.feed.changes", "{change}", "Changes read for those who follow the ledger.");

    // Read only when somebody collects: turning away must be cheap.
    private static long turnedAwayAsBusy;
    private static long turnedAwayForRate;
    private static long turnedAwayAsUnknown;

    private static readonly ObservableCounter<long> TurnedAways = Meter.CreateObservableCounter(
        "settlement.gateway.turned.away", static () => new[] { Of(ref turnedAwayAsBusy, RefusalCodes.Busy),
            Of(ref turnedAwayForRate, RefusalCodes.RateExceeded), Of(ref turnedAwayAsUnknown, RefusalCodes.Unauthenticated) },
        "{request}", "Requests that the gate refused, by reason.");

    // Read only when somebody collects.
    private static readonly ConcurrentDictionary<Followers, byte> Feeds = [];

    private static readonly ObservableGauge<int> FeedFollowers = Meter.CreateObservableGauge(
        "settlement.gateway.feed.followers", static () =>
            Feeds.Keys.Sum(static feed => feed.Count), "{stream}", "Streams that follow the ledger.");

    private static readonly ObservableGauge<double> FeedLag = Meter.CreateObservableGauge(
        "settlement.gateway.feed.lag", static () => Feeds.Keys.Select(static feed => feed.Lag.TotalSeconds).DefaultIfEmpty().Max(), "s",
        "Age of the newest change that the slowest stream has read, if there are newer ones; else 0.");

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsObserved => Duration.Enabled;

    internal static void TurnedAwayAsBusy() => Interlocked.Increment(ref turnedAwayAsBusy);

    internal static void TurnedAwayForRate() => Interlocked.Increment(ref turnedAwayForRate);

    internal static void TurnedAwayAsUnknown() => Interlocked.Increment(ref turnedAwayAsUnknown);

    internal static void Started(Followers feed) => Feeds.TryAdd(feed, 0);

    internal static void Stopped(Followers feed) => Feeds.TryRemove(feed, out _);

    internal static void Followed(int changes) => FeedChanges.Add(changes);

    internal static void Answered(string operation, string status, string reason, TimeSpan elapsed)
    {
        TagList tags = new() { { "rpc.method", operation }, { "rpc.response.status_code", status } };
        if (reason.Length > 0) tags.Add("settlement.reason", reason);
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    private static Measurement<long> Of(ref long counted, string reason) =>
        new(Interlocked.Read(ref counted), new KeyValuePair<string, object?>("settlement.reason", reason));
}
