using Settlement.Ledger;

namespace Settlement.Correcting;

/// <summary>
/// What an entry made by a correction tells of it: the correction's id, and the id of the entry in whose place it stands.
/// </summary>
internal sealed record CorrectionPart(string Id, string Replaces);

/// <summary>
/// Request ids of the entries of a correction. They are longer than any id that the gateway takes for a new request, so that no facility
/// can have used one.
/// </summary>
internal static class CorrectionIds
{
    /// <summary>Of the reversal of an entry.</summary>
    public static string Reversal(LedgerKey correction, int reversed) => Of(correction, 'R', reversed);

    /// <summary>Of the settlement in place of an entry.</summary>
    public static string Settlement(LedgerKey correction, int replaced) => Of(correction, 'S', replaced);

    /// <summary>Of the assistance claimed again in place of an entry.</summary>
    public static string Assistance(LedgerKey correction, int replaced) => Of(correction, 'A', replaced);

    private static string Of(LedgerKey correction, char what, int sequence) => $"CORRECTION-{correction}-{what}{sequence}";
}
