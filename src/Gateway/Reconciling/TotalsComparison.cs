using Settlement.Contract;
using Part = Settlement.Contract.CompareTotalsRequest.Types.Part;

namespace Settlement.Gateway.Reconciling;

/// <summary>The facility's totals against the ledger's: every figure that was sent and is not the same.</summary>
internal static class TotalsComparison
{
    /// <summary>Compares.</summary>
    /// <param name="here">What the ledger holds.</param>
    /// <param name="part">Which settlements the facility counted.</param>
    /// <param name="there">What the facility has.</param>
    public static IEnumerable<AmountDifference> Compare(TotalsRow here, Part part, FacilityTotals there)
    {
        (long count, Payments payments) = part switch
        {
            Part.Settled => (here.Settlements, here.Settled),
            Part.Reversed => (here.Reversals, here.Reversed),
            _ => (here.Settlements + here.Reversals, here.Net),
        };
        (string Field, long Here, bool IsSent, long There)[] figures =
        [
            ("count", count, there.HasCount, there.Count),
            ("total", payments.Total, there.HasTotal, there.Total),
            ("fund_pay", BookTotals.FundPay(payments), there.HasFundPay, there.FundPay),
            ("pooled", payments.Pooled, there.HasPooled, there.Pooled),
            ("serious_illness", payments.SeriousIllness, there.HasSeriousIllness, there.SeriousIllness),
            ("assistance", BookTotals.Assistance(payments), there.HasAssistance, there.Assistance),
            ("person_pays", payments.PersonPays, there.HasPersonPays, there.PersonPays),
        ];
        return figures.Where(figure => figure.IsSent && figure.Here != figure.There)
            .Select(figure => new AmountDifference { Field = figure.Field, Here = figure.Here, There = figure.There });
    }
}
