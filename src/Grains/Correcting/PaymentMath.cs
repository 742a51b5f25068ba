using Settlement.Contract;
using Settlement.Ledger;

namespace Settlement.Correcting;

/// <summary>Sums and differences of what each payer pays, in fen.</summary>
internal static class PaymentMath
{
    /// <summary>What an entry paid. Assistance claimed later went to the person, who so paid less.</summary>
    public static Payments Of(LedgerEntry entry)
    {
        bool settled = entry.Kind == LedgerEntryKind.Settlement;
        return new Payments
        {
            Total = settled ? entry.Total : 0,
            Pooled = entry.Pooled,
            SeriousIllness = entry.SeriousIllness,
            AssistanceBasic = entry.AssistanceBasic,
            AssistanceTilt = entry.AssistanceTilt,
            AssistanceOutpatient = entry.AssistanceOutpatient,
            AssistanceOther = entry.AssistanceOther,
            PersonPays = settled ? entry.PersonPays : -entry.Total,
        };
    }

    /// <summary>Sum.</summary>
    public static Payments Add(Payments left, Payments right) => Combine(left, right, 1);

    /// <summary>Difference.</summary>
    public static Payments Subtract(Payments left, Payments right) => Combine(left, right, -1);

    /// <summary>What all funds pay.</summary>
    public static long Funds(Payments payments) => payments.Total - payments.PersonPays;

    /// <summary>What goes back to the person, or is to be collected, when the person's part changes so.</summary>
    public static (long Refund, long Collect) Due(Payments difference) =>
        (Math.Max(0, -difference.PersonPays), Math.Max(0, difference.PersonPays));

    private static Payments Combine(Payments left, Payments right, int sign) => checked(new Payments
    {
        Total = left.Total + sign * right.Total,
        Pooled = left.Pooled + sign * right.Pooled,
        SeriousIllness = left.SeriousIllness + sign * right.SeriousIllness,
        AssistanceBasic = left.AssistanceBasic + sign * right.AssistanceBasic,
        AssistanceTilt = left.AssistanceTilt + sign * right.AssistanceTilt,
        AssistanceOutpatient = left.AssistanceOutpatient + sign * right.AssistanceOutpatient,
        AssistanceOther = left.AssistanceOther + sign * right.AssistanceOther,
        PersonPays = left.PersonPays + sign * right.PersonPays,
    });
}
