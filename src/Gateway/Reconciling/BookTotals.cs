using Settlement.Contract;
using Settlement.Reconciling;

namespace Settlement.Gateway.Reconciling;

/// <summary>
/// Sums rows of a book by scheme, clearing type and visit type. Sums that leave 64 bits end with an error, never with another figure.
/// </summary>
internal sealed class BookTotals
{
    private readonly SortedDictionary<(Scheme.Types.Kind, Clearing.Types.Type, Visit.Types.Type), TotalsRow> rows = [];
    private readonly SortedDictionary<DateOnly, DayTotals> days = [];

    /// <summary>By scheme, clearing type and visit type.</summary>
    public IEnumerable<TotalsRow> Rows => rows.Values;

    /// <summary>By day.</summary>
    public IEnumerable<DayTotals> Days => days.Values;

    /// <summary>Of all rows.</summary>
    public TotalsRow Sum { get; } = Empty();

    /// <summary>Adds a row.</summary>
    public void Add(BookRow row)
    {
        DetailItem item = row.Item;
        (Scheme.Types.Kind, Clearing.Types.Type, Visit.Types.Type) key = (item.Scheme, item.ClearingType, item.VisitType);
        if (!rows.TryGetValue(key, out TotalsRow? kind))
        {
            rows.Add(key, kind = Empty());
            (kind.Scheme, kind.ClearingType, kind.VisitType) = key;
        }

        Add(kind, row);
        Add(Sum, row);
        if (!days.TryGetValue(row.Day, out DayTotals? day)) days.Add(row.Day, day = new DayTotals
        {
            Day = $"{row.Day:yyyy-MM-dd}",
            Net = new Payments(),
        });
        day.Settlements += item.Reversal ? 0 : 1;
        day.Reversals += item.Reversal ? 1 : 0;
        Add(day.Net, row.Payments, item.Reversal ? -1 : 1);
        day.FundPay = FundPay(day.Net);
    }

    /// <summary>What the funds pay: all but the person's part.</summary>
    public static long FundPay(Payments payments) => payments.Total - payments.PersonPays;

    /// <summary>What medical assistance pays, in all its forms.</summary>
    public static long Assistance(Payments payments) =>
        payments.AssistanceBasic + payments.AssistanceTilt + payments.AssistanceOutpatient + payments.AssistanceOther;

    private static TotalsRow Empty() => new() { Settled = new Payments(), Reversed = new Payments(), Net = new Payments() };

    private static void Add(TotalsRow sum, BookRow row)
    {
        bool isReversal = row.Item.Reversal;
        sum.Settlements += isReversal ? 0 : 1;
        sum.Reversals += isReversal ? 1 : 0;
        Add(isReversal ? sum.Reversed : sum.Settled, row.Payments, 1);
        Add(sum.Net, row.Payments, isReversal ? -1 : 1);
        sum.FundPay = FundPay(sum.Net);
    }

    private static void Add(Payments sum, Payments part, int sign)
    {
        checked
        {
            sum.Total += sign * part.Total;
            sum.Pooled += sign * part.Pooled;
            sum.SeriousIllness += sign * part.SeriousIllness;
            sum.AssistanceBasic += sign * part.AssistanceBasic;
            sum.AssistanceTilt += sign * part.AssistanceTilt;
            sum.AssistanceOutpatient += sign * part.AssistanceOutpatient;
            sum.AssistanceOther += sign * part.AssistanceOther;
            sum.PersonPays += sign * part.PersonPays;
        }
    }
}
