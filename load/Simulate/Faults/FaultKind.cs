namespace Settlement.Simulate;

/// <summary>What can go wrong. Each kind strikes by a stream of chance of its own and can be switched off alone.</summary>
[Flags]
internal enum FaultKind
{
    None = 0,

    /// <summary>A request never arrives.</summary>
    LoseRequest = 1 << 0,

    /// <summary>An answer never arrives.</summary>
    LoseReply = 1 << 1,

    /// <summary>A request arrives twice, the second time up to a minute later.</summary>
    DuplicateRequest = 1 << 2,

    /// <summary>A message takes up to ten seconds, so that later ones overtake it.</summary>
    DelayMessage = 1 << 3,

    /// <summary>A request goes to another silo than the person's, which activates the person a second time.</summary>
    Misroute = 1 << 4,

    /// <summary>A silo dies between two turns and starts again empty.</summary>
    Crash = 1 << 5,

    /// <summary>A silo is stopped in good order and starts again.</summary>
    Restart = 1 << 6,

    /// <summary>A silo stands still for up to a minute and goes on as if nothing had happened.</summary>
    PauseSilo = 1 << 7,

    /// <summary>One activation stands still.</summary>
    PauseActivation = 1 << 8,

    /// <summary>An activation is let go.</summary>
    Collect = 1 << 9,

    /// <summary>A commit fails before it reaches the database.</summary>
    FailBefore = 1 << 10,

    /// <summary>A commit is made, but the writer is told that the connection broke.</summary>
    FailAfter = 1 << 11,

    /// <summary>The writer is told that the connection broke, and the commit is made seconds later.</summary>
    CommitLate = 1 << 12,

    /// <summary>A read fails.</summary>
    FailRead = 1 << 13,

    /// <summary>The database is away for a while.</summary>
    Outage = 1 << 14,

    /// <summary>A commit takes up to forty seconds, longer than a statement may.</summary>
    SlowDisk = 1 << 15,

    /// <summary>The appender fails in a way that nobody foresaw, before or after the commit.</summary>
    Defect = 1 << 16,

    /// <summary>A silo's clock jumps by an hour or a day, or to the edge of a day, a quarter or a year.</summary>
    ClockJump = 1 << 17,

    /// <summary>All of them.</summary>
    All = (1 << 18) - 1,
}
