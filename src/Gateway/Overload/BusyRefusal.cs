using Settlement.Refusals;

namespace Settlement.Gateway.Overload;

/// <summary>What a caller is told for whom there is no room. Made once each: refusing must cost far less than settling.</summary>
internal static class BusyRefusal
{
    // No more than a connection's header compression remembers (4 KiB): a refusal whose status was sent before is a few bytes.
    internal const int Spread = 6;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(75);
    private static int turn;

    /// <summary>The refusal for a full house; it says so, and how long to wait is beside it.</summary>
    public static RefusalInfo Full { get; } = new(
        RefusalCodes.Busy,
        "The server is busy; nothing was written. Send the same request again after the delay.",
        "系统繁忙，未写入任何数据。请按提示时间后重发同一请求。");

    /// <summary>The refusal for a facility that sends faster than it may.</summary>
    public static RefusalInfo TooFast { get; } = new(
        RefusalCodes.RateExceeded,
        "The facility sends more requests a second than it may; nothing was written. Send the same request again after the delay.",
        "该机构每秒请求数超过限额，未写入任何数据。请按提示时间后重发同一请求。");

    /// <summary>
    /// How long to wait: 200 to 575 ms in six steps, another for each answer in turn, so that those who were refused together do not come
    /// back together.
    /// </summary>
    public static TimeSpan Delay() => Least + ((uint)Interlocked.Increment(ref turn) % Spread * Step);
}
