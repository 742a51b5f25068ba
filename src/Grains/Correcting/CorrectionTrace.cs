using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Persons;

namespace Settlement.Correcting;

/// <summary>Leads from an entry that a correction reversed to the correction and to what stands in its place.</summary>
internal static class CorrectionTrace
{
    /// <summary>Id of the correction and of the replacement; both empty when the reversal was an ordinary one.</summary>
    /// <param name="store">The ledger.</param>
    /// <param name="entry">The entry reversed.</param>
    /// <param name="reversal">Its reversal.</param>
    public static async Task<(string CorrectionId, string ReplacedBy)> OfAsync(ILedgerStore store, LedgerEntry entry, LedgerEntry reversal)
    {
        string id = StoredAnswer.Of<ReverseResponse>(reversal).CorrectionId;
        if (id.Length == 0) return ("", "");
        LedgerEntry closing = await store.ReadByRequestAsync(LedgerKey.Parse(id))
            ?? throw new LedgerException($"Entry {reversal.Sequence} of a person belongs to a correction that the ledger does not hold.");
        string reversed = entry.RequestKey.ToString();
        CorrectResponse report = StoredAnswer.Of<CorrectResponse>(closing);
        return (id, report.Settlements.First(row => row.SettlementId == reversed).ReplacedBy);
    }
}
