namespace Settlement.Bench;

/// <summary>Names of what is measured, in the order of a round.</summary>
internal static class Scenarios
{
    public const string Empty = "empty";
    public const string Grain = "grain";
    public const string GrainRules = "grain-rules";
    public const string SettlePostgres = "settle-postgres";
    public const string SettleSqlite = "settle-sqlite";
    public const string Hot = "hot-person";
    public const string Bulk = "bulk-stream";
    public const string OneStatement = "one-statement";
    public const string GrainState = "grain-state";
    public const string RowLock = "row-lock";
    public const string Pgbench64 = "pgbench-64";
    public const string Pgbench16 = "pgbench-16";
    public const string SettleAlone = "settle-alone";
    public const string InsertAlone = "insert-alone";
    public const string Untold = "settle-untold";
    public const string Told = "settle-told";
    public const string Metered = "settle-metered";
    public const string Traced = "settle-traced";
    public const string Beside = "settle-beside";
    public const string OpenPostgres = "open-postgres";
    public const string OpenSqlite = "open-sqlite";
    public const string DiskAlone = "disk-alone";

    public static readonly string[] Names =
    [
        Empty, Grain, GrainRules, SettlePostgres, SettleSqlite, Hot, Bulk, OneStatement, GrainState, RowLock, Pgbench64, Pgbench16,
        SettleAlone,
        InsertAlone, Untold, Metered, Told, Traced, Beside, OpenPostgres, OpenSqlite, DiskAlone,
    ];

    /// <summary>What the run of everything leaves out: a question of its own, with servers of its own.</summary>
    public static readonly string[] OnlyByName = [Untold, Metered, Told, Traced];
}
