namespace Settlement.Gateway.Overload;

/// <summary>What one facility, or the agency, has in work, and how fast it asks. Counting costs two additions and no memory.</summary>
public sealed class FacilityLane
{
    private static readonly TimeSpan BurstSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);

    // Who waits as it is told is refused far less often; who does not is a storm a second later.
    private const int RefusalsPerSecond = 250;
    private static readonly TimeSpan BeforeStorm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);

    private readonly WorkRoom room;
    private readonly TimeProvider time;
    private int inWork;
    private long nextDue;
    private long refusedUntil;

    internal FacilityLane(WorkRoom room, TimeProvider time)
    {
        this.room = room;
        this.time = time;
    }

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

    /// <summary>
    /// Counts a refusal, and tells how long its answer is to be held back: not at all for the first 250 and 250 a second after them, and up
    /// to two seconds for a facility that goes on sending though it is refused. HTTP/2 gives a connection so many open calls and no more,
    /// so that who has to wait for its refusals cannot send many: each costs the server some tenth of a settlement.
    /// </summary>
    public TimeSpan CountRefusal()
    {
        long now = time.GetTimestamp();
        long step = time.TimestampFrequency / RefusalsPerSecond;
        long most = now + (long)((BeforeStorm + LongestHold).TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            long seen = Volatile.Read(ref refusedUntil);
            long until = Math.Min(most, Math.Max(seen, now) + step);
            if (Interlocked.CompareExchange(ref refusedUntil, until, seen) != seen) continue;
            TimeSpan hold = time.GetElapsedTime(now, until) - BeforeStorm;
            return hold > TimeSpan.Zero ? hold : TimeSpan.Zero;
        }
    }

    private void CountDown()
    {
        if (Interlocked.Decrement(ref inWork) == 0) room.IsGone();
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
