using Settlement.Scenarios.World;

namespace Settlement.Scenarios.Arrivals;

/// <summary>
/// Gives each iteration its scheduled start, so that latency counts from there and not from when the generator found time for it.
/// </summary>
/// <remarks>
/// NBomber begins the copies of a second at random moments of it and measures from when their code runs; how late that is, it does not
/// tell. So each iteration takes the next arrival of the plan here. It is due one second after NBomber was to begin it, at a seeded random
/// moment of that second, and waits until then. What is begun late is sent at once, and its lateness is part of its latency. NBomber's
/// intervals drift by a fraction of a millisecond each; the schedule follows them, but by at most <see cref="MaxDrift"/> a second. A longer
/// stall is a stall and counts.
/// </remarks>
internal sealed class ArrivalClock(ArrivalPlan plan, int seed, TimeProvider time)
{
    /// <summary>How far the schedule follows the drift of NBomber's clock in one second.</summary>
    public static readonly TimeSpan MaxDrift = TimeSpan.FromMilliseconds(5);

    private const int Moment = 17;
    private readonly Lock gate = new();
    private long taken;
    private int second = -1;
    private long origin;
    private TimeSpan secondBegins;

    /// <summary>Takes the next arrival and waits until it is due.</summary>
    /// <returns>The arrival.</returns>
    public async Task<Arrival> NextAsync()
    {
        (long number, TimeSpan due) = Take();
        // Whole milliseconds, rounded down: a timer is never early by more than that, and then the latency counts from the sending.
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Floor((due - time.GetElapsedTime(origin)).TotalMilliseconds));
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time).ConfigureAwait(false);
        TimeSpan sent = time.GetElapsedTime(origin);
        return new Arrival(number, due < sent ? due : sent, this);
    }

    /// <summary>Time since a scheduled start.</summary>
    public TimeSpan Since(TimeSpan start) => time.GetElapsedTime(origin) - start;

    private (long Number, TimeSpan Due) Take()
    {
        lock (gate)
        {
            if (second < 0) (second, origin) = (0, time.GetTimestamp());
            long number = taken++;
            // More than planned never comes; if it did, it would be due with the last.
            int of = plan.SecondOf(Math.Min(number, plan.Count - 1));
            for (; second < of; second++)
            {
                secondBegins += ArrivalPlan.Lead;
                TimeSpan late = time.GetElapsedTime(origin) - secondBegins;
                if (late > TimeSpan.Zero) secondBegins += late < MaxDrift ? late : MaxDrift;
            }

            return (number, secondBegins + ArrivalPlan.Lead + (ArrivalPlan.Lead * Draw.Of(seed, number).For(Moment).Unit()));
        }
    }
}

/// <summary>One arrival of a plan, on its way.</summary>
/// <param name="Number">From 0 on.</param>
/// <param name="Start">Its scheduled start, or the sending if a timer was early by a fraction of a millisecond.</param>
/// <param name="Clock">Whose arrival it is.</param>
internal readonly record struct Arrival(long Number, TimeSpan Start, ArrivalClock Clock)
{
    /// <summary>Milliseconds since the scheduled start; above 0, since NBomber takes 0 for none.</summary>
    public double LatencyMs => Math.Max(0.001, Clock.Since(Start).TotalMilliseconds);
}
