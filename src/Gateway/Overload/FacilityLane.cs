namespace Settlement.Gateway.Overload;

/// <summary>What one facility, or the agency, has in work, and how fast it asks. Counting costs two additions and no memory.</summary>
public sealed class FacilityLane
{
    private static readonly TimeSpan BurstSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);

    private readonly WorkRoom room;
    private readonly TimeProvider time;
    private int inWork;
    private long nextDue;

    internal FacilityLane(WorkRoom room, TimeProvider time)
    {
        this.room = room;
        this.time = time;
        Storm = new Storm(PlacesLeft, time);
    }

    /// <summary>What is refused to it, and what is done when it sends on all the same.</summary>
    public Storm Storm { get; }

    /// <summary>Requests a second it may send in the long run, and twice as many at once; 0: as many as there is room for.</summary>
    public int Rate { get; internal set; }

    /// <summary>Operations in work now.</summary>
    public int InWork => Volatile.Read(ref inWork);

    /// <summary>Lets an operation in; <see cref="Leave"/> must follow.</summary>
    /// <param name="retryAfter">When there is no place: how long until it makes sense to ask again; zero: whenever there is room.</param>
    public bool TryEnter(out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        int before = Interlocked.Increment(ref inWork) - 1;
        if (before == 0) room.Enters();
        if (!room.TryTake(before))
        {
            CountDown();
            return false;
        }

        if (Rate == 0 || IsInRate(out retryAfter)) return true;
        Leave();
        return false;
    }

    /// <summary>Waits for a place: for streams, where reading no further is the way to slow the sender.</summary>
    public async ValueTask EnterAsync(CancellationToken cancellation)
    {
        while (!TryEnter(out TimeSpan retryAfter)) await Task.Delay(retryAfter > LeastPause ? retryAfter : LeastPause, time, cancellation);
    }

    /// <summary>The operation has ended.</summary>
    public void Leave()
    {
        room.GiveBack();
        CountDown();
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref inWork) == 0) room.IsGone();
    }

    /// <summary>How many more operations it could begin now, by room and by rate.</summary>
    private int PlacesLeft()
    {
        int places = room.PlacesFor(InWork);
        if (Rate == 0) return places;
        TimeSpan ahead = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref nextDue));
        return Math.Clamp((int)((BurstSpan - (ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero)).TotalSeconds * Rate), 0, places);
    }

    /// <summary>
    /// A virtual clock that each request sets forward by its share of a second: who is ahead of the real one by more than the burst must
    /// wait.
    /// </summary>
    private bool IsInRate(out TimeSpan retryAfter)
    {
        long now = time.GetTimestamp();
        long step = time.TimestampFrequency / Rate;
        long burst = time.TimestampFrequency * (long)BurstSpan.TotalSeconds;
        while (true)
        {
            long seen = Volatile.Read(ref nextDue);
            long due = Math.Max(seen, now);
            if (due - now > burst - step)
            {
                retryAfter = time.GetElapsedTime(now, due + step - burst);
                return false;
            }

            if (Interlocked.CompareExchange(ref nextDue, due + step, seen) != seen) continue;
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }
}
