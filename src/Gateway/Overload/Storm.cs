namespace Settlement.Gateway.Overload;

/// <summary>
/// What one sender is refused, and what is done with one that goes on sending all the same: its refusals are held back, and when the line
/// for them is full its connections are read no faster than there is room for what they bring. One for each facility, and one for all who
/// are not known.
/// </summary>
/// <param name="places">How many more of its calls would be let in now.</param>
/// <param name="time">The clock.</param>
public sealed class Storm(Func<int> places, TimeProvider time)
{
    /// <summary>As many calls one read of a connection may bring, 4 KiB of it at most; where it brings fewer, more places stay free for a turn.</summary>
    internal const int CallsOfOneRead = 16;

    // Who waits as it is told is refused far less often; who does not is a storm a second later.
    private const int RefusalsPerSecond = 250;
    private static readonly TimeSpan BeforeStorm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Unread = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private long refusedUntil;
    private long slowUntil;
    private long turn;
    private int readsOfTurn;

    /// <summary>Whether its connections are to be read slowly.</summary>
    public bool IsSlowed => Volatile.Read(ref slowUntil) is var until && until != 0 && time.GetTimestamp() < until;

    /// <summary>
    /// Counts a refusal, and tells how long its answer is to be held back: not at all for the first 250 and 250 a second after them, and up
    /// to two seconds for who goes on sending though it is refused. HTTP/2 gives a connection so many open calls and no more, so that who
    /// has to wait for its refusals cannot send many: each costs the server some tenth of a settlement.
    /// </summary>
    public TimeSpan CountRefusal()
    {
        long now = time.GetTimestamp();
        long step = time.TimestampFrequency / RefusalsPerSecond;
        long most = now + TimestampsOf(BeforeStorm + LongestHold);
        while (true)
        {
            long seen = Volatile.Read(ref refusedUntil);
            long until = Math.Min(most, Math.Max(seen, now) + step);
            if (Interlocked.CompareExchange(ref refusedUntil, until, seen) != seen) continue;
            TimeSpan hold = time.GetElapsedTime(now, until) - BeforeStorm;
            return hold > TimeSpan.Zero ? hold : TimeSpan.Zero;
        }
    }

    /// <summary>A refusal that should have been held back found no place in the line: for two seconds its connections are read slowly.</summary>
    public void Overflow() => Volatile.Write(ref slowUntil, time.GetTimestamp() + TimestampsOf(Unread));

    /// <summary>
    /// Whether one of its connections may be read now: in each 20 ms as often as there are places for what comes, and once at least, so that
    /// each connection has its turn.
    /// </summary>
    public bool MayRead()
    {
        long now = time.GetTimestamp() / TimestampsOf(WaitingLine.Tick);
        lock (gate)
        {
            if (now != turn)
            {
                turn = now;
                readsOfTurn = Math.Max(1, places() / CallsOfOneRead);
            }

            if (readsOfTurn == 0) return false;
            readsOfTurn--;
            return true;
        }
    }

    private long TimestampsOf(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
