namespace Settlement.Torture.Faults;

/// <summary>What can be done to a run.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a silo, and its start some time later.</summary>
    KillSilo,

    /// <summary>kill -9 of all silos at once.</summary>
    KillAllSilos,

    /// <summary>SIGSTOP of a silo, often past every time-out, then SIGCONT: it wakes with answers and writes of another time.</summary>
    PauseSilo,

    /// <summary>PostgreSQL crashes as a whole (immediate shutdown) and recovers at its start.</summary>
    KillDatabase,

    /// <summary>kill -9 of one of PostgreSQL's processes: all sessions end, it recovers by itself.</summary>
    KillBackend,

    /// <summary>SIGSTOP of all of PostgreSQL's processes.</summary>
    PauseDatabase,

    /// <summary>The server ends every session.</summary>
    EndSessions,

    /// <summary>Another session holds the table (PostgreSQL) or the file (SQLite) against writers.</summary>
    LockLedger,

    /// <summary>kill -9 of the proxy between clients and silos.</summary>
    KillFrontProxy,

    /// <summary>kill -9 of the proxy between silos and PostgreSQL.</summary>
    KillBackProxy,

    /// <summary>Between clients and a silo nothing arrives, in either direction; it does when the fault ends.</summary>
    CutClients,

    /// <summary>The clients' requests arrive and no answer does; the connections break at the end.</summary>
    LoseAnswers,

    /// <summary>Everything between clients and a silo takes longer.</summary>
    DelayClients,

    /// <summary>Connections between clients and a silo break, and no new ones come about.</summary>
    ResetClients,

    /// <summary>Between a silo and PostgreSQL nothing arrives, in either direction; it does when the fault ends.</summary>
    CutLedger,

    /// <summary>Statements and commits arrive and no answer does; the connections break at the end.</summary>
    LoseCommits,

    /// <summary>Everything between a silo and PostgreSQL takes longer.</summary>
    DelayLedger,

    /// <summary>Connections between a silo and PostgreSQL break, and no new ones come about.</summary>
    ResetLedger,

    /// <summary>
    /// Between a silo and the others nothing arrives, in either direction, for so long that they vote it out; then everything does.
    /// </summary>
    IsolateSilo,

    /// <summary>The same of all silos at once, each by itself.</summary>
    ScatterSilos,

    /// <summary>Nothing that other silos send to a silo arrives, and what it sends does; at the end everything arrives.</summary>
    DeafenSilo,

    /// <summary>Nothing that a silo sends to others arrives, and what they send does; the connections break at the end.</summary>
    MuteSilo,

    /// <summary>Between a silo and the others nothing arrives for a moment.</summary>
    BlipPeers,

    /// <summary>Everything between a silo and the others takes longer.</summary>
    DelayPeers,

    /// <summary>Connections between a silo and the others break, and no new ones come about.</summary>
    ResetPeers,

    /// <summary>Hundreds of connections to a silo at once that say nothing, or nonsense.</summary>
    ConnectionStorm,

    /// <summary>The ledger's disk is full.</summary>
    FillDisk,

    /// <summary>Nothing can be written to the ledger's disk.</summary>
    StallDisk,

    /// <summary>Every write to the ledger's disk waits.</summary>
    SlowDisk,
}

/// <summary>What the kinds have in common.</summary>
internal static class FaultKinds
{
    /// <summary>Kills and pauses of processes.</summary>
    public static bool IsKillOrPause(this FaultKind kind) =>
        kind is FaultKind.KillSilo or FaultKind.KillAllSilos or FaultKind.PauseSilo or FaultKind.KillDatabase
        or FaultKind.KillBackend or FaultKind.PauseDatabase or FaultKind.KillFrontProxy or FaultKind.KillBackProxy;

    /// <summary>Needs a file system of its own under the ledger.</summary>
    public static bool NeedsDisk(this FaultKind kind) => kind is FaultKind.FillDisk or FaultKind.StallDisk or FaultKind.SlowDisk;

    /// <summary>Needs silos that talk to each other.</summary>
    public static bool NeedsCluster(this FaultKind kind) =>
        kind is FaultKind.IsolateSilo or FaultKind.ScatterSilos or FaultKind.DeafenSilo or FaultKind.MuteSilo or FaultKind.BlipPeers
        or FaultKind.DelayPeers or FaultKind.ResetPeers;

    /// <summary>Strikes every silo at the same moment.</summary>
    public static bool IsOfAllSilos(this FaultKind kind) => kind is FaultKind.KillAllSilos or FaultKind.ScatterSilos;

    /// <summary>Needs PostgreSQL, or the several silos that only it serves.</summary>
    public static bool NeedsPostgres(this FaultKind kind) =>
        kind is FaultKind.KillAllSilos or FaultKind.KillDatabase or FaultKind.KillBackend or FaultKind.PauseDatabase
        or FaultKind.EndSessions
        or FaultKind.KillBackProxy or FaultKind.CutLedger or FaultKind.LoseCommits or FaultKind.DelayLedger or FaultKind.ResetLedger;
}
