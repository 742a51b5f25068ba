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
}
