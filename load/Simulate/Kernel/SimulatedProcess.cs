namespace Settlement.Simulate;

/// <summary>
/// A process with its threads of work. It can be stopped for a while, with everything in it, and goes on as if nothing had happened; or
/// killed between any two of its turns, and then nothing of it ever runs again.
/// </summary>
internal sealed class SimulatedProcess(EventLoop loop, string name, Chance chance)
{
    /// <summary>The loop that runs it.</summary>
    public EventLoop Loop => loop;

    /// <summary>Its name, for the journal.</summary>
    public string Name => name;

    /// <summary>Whether it was killed.</summary>
    public bool IsDead { get; private set; }

    /// <summary>The moment until which it stands still.</summary>
    public long PausedUntil { get; private set; }

    /// <summary>Called before each turn; the process may be dead or paused afterwards.</summary>
    public Action<TurnQueue>? BeforeTurn { get; set; }

    /// <summary>Ends it between two turns, wherever its code stands.</summary>
    public void Kill() => IsDead = true;

    /// <summary>Stops it for so many ticks.</summary>
    public void Pause(long ticks) => PausedUntil = Math.Max(PausedUntil, loop.Now + ticks);

    /// <summary>How long the next turn waits for a processor: mostly microseconds, now and then much longer.</summary>
    public long NextDelay() => chance.OneIn(512)
        ? chance.Between(Ticks.Millisecond, 100 * Ticks.Millisecond)
        : chance.Between(1, 40) * Ticks.Microsecond;

    /// <summary>Whether a turn may run now.</summary>
    public bool Enter(TurnQueue queue)
    {
        BeforeTurn?.Invoke(queue);
        return !IsDead && PausedUntil <= loop.Now && queue.PausedUntil <= loop.Now;
    }
}
