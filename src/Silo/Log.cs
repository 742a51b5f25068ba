namespace Settlement.Silo;

/// <summary>Every log message of the host.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Ledger open: {Ledger}; {Packs} policy packs in force")]
    public static partial void LedgerOpen(this ILogger log, string ledger, int packs);

    [LoggerMessage(
        3002, LogLevel.Warning,
        "Pack {Pack}: parameter {Parameter} should have been reviewed by now; check it against the documents in force")]
    public static partial void StaleParameter(this ILogger log, string pack, string parameter);

    [LoggerMessage(3003, LogLevel.Information, "Dropped {Records} reports of visits that nothing came for in {Days} days")]
    public static partial void ReportsDropped(this ILogger log, int records, int days);

    [LoggerMessage(3004, LogLevel.Warning, "Old reports of visits cannot be dropped now: {Reason}")]
    public static partial void ReportsNotDropped(this ILogger log, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "This node cannot tell the others of itself, and will be shown as lost")]
    public static partial void NodeNotReported(this ILogger log, Exception problem);

    [LoggerMessage(3006, LogLevel.Information, "This node tells the others of itself again")]
    public static partial void NodeReportsAgain(this ILogger log);

    [LoggerMessage(3007, LogLevel.Warning, "This node ends, and cannot take itself away from the others' sight: {Reason}")]
    public static partial void NodeNotRemoved(this ILogger log, string reason);

    [LoggerMessage(3008, LogLevel.Warning, "The nodes that share the ledger cannot be read: {Reason}")]
    public static partial void NodesUnknown(this ILogger log, string reason);
}
