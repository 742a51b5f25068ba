using Settlement.Contract;
using Settlement.Ledger;

namespace Settlement.Mapping;

/// <summary>The amounts of an entry as the contract gives them.</summary>
internal static class PaymentsMapping
{
    /// <summary>What each payer pays, in fen; of a reversal the positive amounts that the ledger has.</summary>
    public static Payments Of(LedgerEntry entry) => new()
    {
        Total = entry.Total,
        Pooled = entry.Pooled,
        SeriousIllness = entry.SeriousIllness,
        AssistanceBasic = entry.AssistanceBasic,
        AssistanceTilt = entry.AssistanceTilt,
        AssistanceOutpatient = entry.AssistanceOutpatient,
        AssistanceOther = entry.AssistanceOther,
        PersonPays = entry.PersonPays,
    };
}
