using Settlement.Gateway.Overload;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;

namespace Settlement.Gateway.Front;

/// <summary>
/// The statuses of one refusal for overload, one for each time to wait, each encoded when it is first sent: building them anew took a
/// twentieth of the processor of a server that was asked for three times what it can do.
/// </summary>
internal sealed class BusyStatuses(RefusalInfo refusal)
{
    private const int Kept = 65; // up to 1.6 s: the longest pause of a facility that may send one request a second
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    private readonly EncodedStatus?[] kept = new EncodedStatus?[Kept];

    /// <summary>Those of a full house.</summary>
    public static BusyStatuses Full { get; } = new(BusyRefusal.Full);

    /// <summary>Those for a facility that sends faster than it may.</summary>
    public static BusyStatuses TooFast { get; } = new(BusyRefusal.TooFast);

    /// <summary>
    /// The status that tells to come again after so long, in whole steps of 25 ms, rounded up: never earlier than makes sense.
    /// </summary>
    public EncodedStatus After(TimeSpan delay)
    {
        long steps = (delay.Ticks + Step.Ticks - 1) / Step.Ticks;
        if (steps >= Kept) return Encode(steps * Step);
        return kept[steps] ??= Encode(steps * Step); // two at once encode the same
    }

    private EncodedStatus Encode(TimeSpan delay) => new(RefusalStatus.ToStatus(refusal, delay));
}
