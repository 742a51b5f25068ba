namespace Settlement.Simulate;

/// <summary>Product code left the simulation: something ran on another thread, so that the run cannot be repeated from its seed.</summary>
internal sealed class EscapedException(string what) : Exception($"{what} ran on a foreign thread: the simulation has lost hold of it.");

/// <summary>
/// Time and everything that happens in it, on one thread. Events run in the order of their moments; events of one moment in the order in
/// which they were asked for. Nothing else decides the order, so that a run is a function of its seed.
/// </summary>
internal sealed class EventLoop
{
    private readonly PriorityQueue<Action, Moment> due = new();
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long asked;
    private volatile string? escaped;

    /// <summary>Simulated time since the start, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Events run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Changes with everything that happened and when: two runs of one seed must agree in it.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>Whether nothing is left to happen.</summary>
    public bool IsEmpty => due.Count == 0;

    /// <summary>Asks for something to happen after so many ticks.</summary>
    public void After(long ticks, Action happening)
    {
        AssertHere("A request for an event");
        due.Enqueue(happening, new Moment(Now + Math.Max(0, ticks), asked++));
    }

    /// <summary>A task that is done after so many ticks.</summary>
    public Task Delay(long ticks)
    {
        TaskCompletionSource done = new();
        After(ticks, done.SetResult);
        return done.Task;
    }

    /// <summary>Lets the next event happen, unless it lies beyond the limit. False when there is none.</summary>
    public bool Step(long until)
    {
        if (escaped is { } what) throw new EscapedException(what);
        if (!due.TryPeek(out _, out Moment moment) || moment.At > until) return false;
        Action happening = due.Dequeue();
        Now = moment.At;
        Steps++;
        Mark((ulong)moment.At);
        happening();
        return true;
    }

    /// <summary>Mixes something observed into the fingerprint.</summary>
    public void Mark(ulong observed) => Fingerprint = (Fingerprint ^ observed) * 1099511628211;

    /// <summary>Holds whoever calls to the simulation's thread.</summary>
    public void AssertHere(string what)
    {
        if (Environment.CurrentManagedThreadId == thread) return;
        // The exception may end on a thread that nobody watches: the loop itself stops as well.
        escaped = what;
        throw new EscapedException(what);
    }

    private readonly record struct Moment(long At, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => At != other.At ? At.CompareTo(other.At) : Order.CompareTo(other.Order);
    }
}
