namespace Settlement.Simulate;

/// <summary>
/// One thread of work in a process: the turns of an activation, a writer or a client, one at a time and in order, each as an event of the
/// loop. As on Orleans' own scheduler, a continuation that becomes ready inside a turn of the same queue may run at once.
/// </summary>
internal sealed class TurnQueue(SimulatedProcess process) : TaskScheduler
{
    [ThreadStatic]
    private static TurnQueue? running;

    private readonly Queue<Task> turns = new();
    private bool isDue;

    /// <summary>The moment until which it stands still, apart from its process.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>Stops it alone for so many ticks.</summary>
    public void Pause(long ticks) => PausedUntil = Math.Max(PausedUntil, process.Loop.Now + ticks);

    /// <summary>Runs work as a turn.</summary>
    public void Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this);

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        process.Loop.AssertHere("A continuation");
        if (process.IsDead) return;
        turns.Enqueue(task);
        Ask(process.NextDelay());
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(running, this) && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => turns;

    private void Ask(long ticks)
    {
        if (isDue) return;
        isDue = true;
        process.Loop.After(ticks, Turn);
    }

    private void Turn()
    {
        isDue = false;
        if (process.IsDead) return;
        if (!process.Enter(this))
        {
            if (!process.IsDead) Ask(Math.Max(process.PausedUntil, PausedUntil) - process.Loop.Now);
            return;
        }

        running = this;
        TryExecuteTask(turns.Dequeue());
        running = null;
        if (turns.Count > 0) Ask(process.NextDelay());
    }
}
