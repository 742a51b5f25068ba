using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Band of costs: a row of the matrix.</summary>
public enum CostBand : byte
{
    SelfFunded = 1,
    OverLimit = 2,
    PreSelfPay = 3,
    BelowDeductible = 4,

    /// <summary>General treatment fee, which has a ratio of its own.</summary>
    GeneralFee = 5,

    /// <summary>Shared by the pooled fund at one ratio; the row gives it.</summary>
    Shared = 6,

    /// <summary>In scope, but above a cap of the benefit or of the year, or outside every band.</summary>
    AboveCap = 7,

    /// <summary>In scope, where the insurance has paid before and no bands are known.</summary>
    InScope = 8,
}

/// <summary>A row: what of the total lies in the band, and who pays how much of it. Fen; the payers sum to <c>Total</c>.</summary>
public readonly record struct CostRow
{
    /// <summary>The band.</summary>
    public CostBand Band { get; init; }

    /// <summary>Ratio of the pooled fund in basis points, for a shared band.</summary>
    public int RateBp { get; init; }

    /// <summary>Lower limit of a shared band.</summary>
    public long From { get; init; }

    /// <summary>Upper limit of a shared band, <see cref="long.MaxValue"/> when open.</summary>
    public long To { get; init; }

    /// <summary>Costs in the band.</summary>
    public long Total { get; init; }

    /// <summary>Paid by the pooled fund.</summary>
    public long Pooled { get; init; }

    /// <summary>Paid by serious-illness insurance.</summary>
    public long SeriousIllness { get; init; }

    /// <summary>Paid by the basic tier of assistance.</summary>
    public long AssistanceBasic { get; init; }

    /// <summary>Paid by the tilt tier.</summary>
    public long AssistanceTilt { get; init; }

    /// <summary>Paid by outpatient assistance.</summary>
    public long AssistanceOutpatient { get; init; }

    /// <summary>Paid by assistance for severe mental disorder.</summary>
    public long AssistanceOther { get; init; }

    /// <summary>What the funds leave to the person.</summary>
    public long Person => Total - Pooled - SeriousIllness - AssistanceBasic - AssistanceTilt - AssistanceOutpatient - AssistanceOther;
}

/// <summary>
/// The settlement slip: cost bands by payer. Rows sum to the total, columns to each payer's amount.
/// </summary>
/// <remarks>
/// How amounts that belong to no single band are laid over the rows (documents do not say; the sums are what counts):
/// the pooled fund pays the general fee first, then band after band from below, each band the difference of the rounded running sum; where
/// a cap cuts it short, what the fund no longer shares becomes the row <see cref="CostBand.AboveCap"/>. Serious illness pays from the top:
/// above the cap, shared bands from the highest down, below the deductible, then the counted part of the class B row. Assistance follows in
/// the same order on what is left: basic and outpatient tier on in-scope rows only, tilt tier and severe mental disorder on the class B row
/// too. Where the insurance has paid before (assistance only), the in-scope costs are one row.
/// </remarks>
public sealed record CostMatrix(ImmutableArray<CostRow> Rows)
{
    private const int RowsOnStack = 24;

    internal static CostMatrix Of(Adjudication adjudication)
    {
        var most = MatrixBuilder.MostRows(adjudication);
        var rows = most <= RowsOnStack ? stackalloc CostRow[RowsOnStack] : new CostRow[most];
        return new MatrixBuilder(adjudication, rows).Build();
    }
}

/// <summary>Lays the amounts of an adjudication over rows.</summary>
/// <param name="adjudication">What is laid out.</param>
/// <param name="rows">Room for <see cref="MostRows"/> rows.</param>
internal ref struct MatrixBuilder(Adjudication adjudication, Span<CostRow> rows)
{
    private const int PreSelfPay = 2;
    private const int FirstInScope = 3;

    private readonly Adjudication adjudication = adjudication;
    private readonly Span<CostRow> rows = rows;
    private int count = FirstInScope;

    /// <summary>The most rows an adjudication can have: a band for each step and what lies around the bands.</summary>
    public static int MostRows(Adjudication adjudication) => FirstInScope + adjudication.Steps.Length + 2;

    public CostMatrix Build()
    {
        var amounts = adjudication.Amounts;
        rows[0] = new CostRow { Band = CostBand.SelfFunded, Total = amounts.SelfFunded };
        rows[1] = new CostRow { Band = CostBand.OverLimit, Total = amounts.OverLimit };
        rows[PreSelfPay] = new CostRow { Band = CostBand.PreSelfPay, Total = amounts.PreSelfPay };
        var known = adjudication.PaymentsKnown;
        if (known)
            LayKnown(amounts);
        else
            LayPooled(amounts);

        var counted = known ? amounts.PreSelfPay : amounts.PreSelfPay - amounts.PreSelfPayNotCounted;
        Lay(amounts.SeriousIllness, counted, static (row, paid) => row with { SeriousIllness = row.SeriousIllness + paid });
        Lay(amounts.AssistanceOutpatient, 0, static (row, paid) => row with { AssistanceOutpatient = row.AssistanceOutpatient + paid });
        Lay(amounts.AssistanceBasic, 0, static (row, paid) => row with { AssistanceBasic = row.AssistanceBasic + paid });
        Lay(amounts.AssistanceTilt, long.MaxValue, static (row, paid) => row with { AssistanceTilt = row.AssistanceTilt + paid });
        Lay(amounts.AssistanceOther, long.MaxValue, static (row, paid) => row with { AssistanceOther = row.AssistanceOther + paid });
        return new CostMatrix(WithCosts());
    }

    private readonly ImmutableArray<CostRow> WithCosts()
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
            if (rows[i].Total > 0)
                rows[kept++] = rows[i];

        return [.. rows[..kept]];
    }

    /// <summary>One row of in-scope costs: how the insurance came to what it paid is not known here.</summary>
    private void LayKnown(in Amounts amounts)
    {
        rows[count++] = new CostRow { Band = CostBand.InScope, Total = amounts.InScope };
        Lay(amounts.Pooled, long.MaxValue, static (row, paid) => row with { Pooled = row.Pooled + paid });
    }

    /// <summary>Rows of the in-scope costs, with the pooled fund laid over them from below.</summary>
    private void LayPooled(in Amounts amounts)
    {
        rows[count++] = new CostRow { Band = CostBand.BelowDeductible, Total = amounts.DeductiblePaid };
        var (fund, exact, rounded, unshared) = (amounts.Pooled, 0L, 0L, amounts.InScope - amounts.DeductiblePaid);
        foreach (var step in adjudication.Steps)
        {
            if (step.Code is not (StepCode.PooledBand or StepCode.GeneralFee or StepCode.VillageGeneralFee))
                continue;

            // A village clinic's fee is a sum of money; what has a ratio shares one rounding.
            var isFee = step.Code != StepCode.PooledBand;
            exact += step.Code == StepCode.VillageGeneralFee ? step.Amount * Limits.WholeBp : step.Base * step.RateBp;
            var due = Rounding.HalfUp(exact) - rounded;
            rounded += due;
            var paid = Math.Min(due, fund);
            var shared = paid == due || isFee ? step.Base : Math.Min(step.Base, SharedBy(paid, step.RateBp));
            fund -= paid;
            unshared -= shared;
            rows[count++] = new CostRow
            {
                Band = isFee ? CostBand.GeneralFee : CostBand.Shared,
                RateBp = step.RateBp,
                From = isFee ? 0 : step.From,
                To = isFee ? 0 : step.To,
                Total = shared,
                Pooled = paid,
            };
        }

        rows[count++] = new CostRow { Band = CostBand.AboveCap, Total = unshared, Pooled = fund };
    }

    /// <summary>The costs that a payment at a ratio shares, rounded up.</summary>
    private static long SharedBy(long paid, int rateBp) => rateBp == 0 ? 0 : ((paid * Limits.WholeBp) + rateBp - 1) / rateBp;

    /// <summary>
    /// Lays a payment over the in-scope rows from the last to the first, then over at most <paramref name="classB"/> of the class B row.
    /// </summary>
    private readonly void Lay(long amount, long classB, Func<CostRow, long, CostRow> pay)
    {
        for (var i = count - 1; i >= FirstInScope && amount > 0; i--)
        {
            var part = Math.Min(amount, rows[i].Person);
            rows[i] = pay(rows[i], part);
            amount -= part;
        }

        ref var preSelfPay = ref rows[PreSelfPay];
        if (amount > 0)
            preSelfPay = pay(preSelfPay, Math.Min(amount, Math.Min(classB, preSelfPay.Person)));
    }
}
