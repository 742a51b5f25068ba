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
    /// <summary>
    /// How many calls a read of 4 KiB is taken to bring before any was seen: those of small claims. Large ones are longer than a read.
    /// </summary>
    internal const int CallsOfAReadAtFirst = 16;

    // Calls are at the gate some turns after they were read, when the processor is busy: half of the places are given to each turn, so
    // that it is not given twice what there is.
    private const int PartOfPlaces = 2;
    private const int ReadsRemembered = 256;
    private const double FewestCallsOfARead = 0.05;

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
    private int readsTaken;
    private int callsArrived;
    private double reads = 10;
    private double calls = 10 * CallsOfAReadAtFirst;

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

    /// <summary>
    /// A refusal that should have been held back found no place in the line: for two seconds its connections are read slowly.
    /// </summary>
    public void Overflow() => Volatile.Write(ref slowUntil, time.GetTimestamp() + TimestampsOf(Unread));

    /// <summary>A call of a connection that is read slowly is at the gate.</summary>
    public void Arrives() => Interlocked.Increment(ref callsArrived);

    /// <summary>
    /// Whether one of its connections may be read now: in each 20 ms as often as there are places for what the reads bring, as far as is
    /// known from those before, and once at least, so that each connection has its turn.
    /// </summary>
    public bool MayRead()
    {
        long now = time.GetTimestamp() / TimestampsOf(WaitingLine.Tick);
        lock (gate)
        {
            if (now != turn)
            {
                turn = now;
                Learn();
                readsOfTurn = Math.Max(1, (int)(places() / PartOfPlaces / Math.Max(FewestCallsOfARead, calls / reads)));
                readsTaken = 0;
            }

            if (readsTaken == readsOfTurn) return false;
            readsTaken++;
            return true;
        }
    }

    private void Learn()
    {
        reads += readsTaken;
        calls += Interlocked.Exchange(ref callsArrived, 0);
        if (reads <= ReadsRemembered) return;
        calls *= ReadsRemembered / reads;
        reads = ReadsRemembered;
    }

    private long TimestampsOf(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
