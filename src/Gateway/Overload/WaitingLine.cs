namespace Settlement.Gateway.Overload;

/// <summary>
/// The calls that found no room and are not answered yet. They wait in a wheel of lists, one for each 20 ms, that a single timer turns: a
/// waiting call has no thread and no timer, and those that are due together are answered together, in few writes. The line is bounded;
/// beyond it a call is refused at once. Storms have three quarters of it, those whom nobody knows only what is left of the first quarter,
/// so that there is room for who is seldom refused and waits for a place.
/// </summary>
public sealed class WaitingLine : IDisposable
{
    /// <summary>Every wait is a whole number of these.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private const int Ticks = 128;

    private readonly Lock gate = new();
    private readonly List<TaskCompletionSource>?[] wheel = new List<TaskCompletionSource>?[Ticks];
    private readonly ITimer timer;
    private int hand;
    private int inWheel;
    private int waiting;

    /// <summary>Makes a line with twice as many places as the room has.</summary>
    public WaitingLine(WorkRoom room, TimeProvider time)
    {
        Capacity = 2 * room.Capacity;
        // The timer outlives the call that starts it, and must not carry that call's context into others.
        using (ExecutionContext.SuppressFlow())
            timer = time.CreateTimer(static line => ((WaitingLine)line!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Most calls in the line at once.</summary>
    public int Capacity { get; }

    /// <summary>As many may be in the line for a facility's refusal to be held back in it.</summary>
    public int ForStorms => Capacity / 4 * 3;

    /// <summary>The same for the refusal of somebody whom nobody knows.</summary>
    public int ForStrangers => Capacity / 4;

    /// <summary>Calls in the line now.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Takes a place in the line, if there are no more than so many with it; <see cref="Leave"/> must follow.</summary>
    public bool TryJoin(int most)
    {
        if (Interlocked.Increment(ref waiting) <= most) return true;
        Leave();
        return false;
    }

    /// <summary>Gives the place in the line back.</summary>
    public void Leave() => Interlocked.Decrement(ref waiting);

    /// <summary>
    /// Waits, in whole ticks, at least one and less than 2.56 s, or until the token ends the wait. What follows runs on the timer's thread
    /// and must not block.
    /// </summary>
    public async Task After(TimeSpan time, CancellationToken cancellation)
    {
        TaskCompletionSource due = new();
        using CancellationTokenRegistration ends =
            cancellation.UnsafeRegister(static one => ((TaskCompletionSource)one!).TrySetResult(), due);
        int ticks = Math.Clamp((int)((time.Ticks + Tick.Ticks - 1) / Tick.Ticks), 1, Ticks - 1);
        lock (gate)
        {
            (wheel[(hand + ticks) % Ticks] ??= []).Add(due);
            if (inWheel++ == 0) timer.Change(Tick, Tick);
        }

        await due.Task;
    }

    /// <summary>Stops the clock; who still waits is answered.</summary>
    public void Dispose()
    {
        timer.Dispose();
        for (int i = 0; i < Ticks; i++) Turn();
    }

    private void Turn()
    {
        List<TaskCompletionSource>? due;
        lock (gate)
        {
            hand = (hand + 1) % Ticks;
            due = wheel[hand];
            wheel[hand] = null;
            if (due is null) return;
            inWheel -= due.Count;
            if (inWheel == 0) timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (TaskCompletionSource one in due) one.TrySetResult();
    }
}
