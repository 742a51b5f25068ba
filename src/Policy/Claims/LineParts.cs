namespace Settlement.Policy;

/// <summary>
/// How one fee line divides, by the same arithmetic that a claim's totals come from: for whoever answers a hospital line by line.
/// </summary>
public static class LineParts
{
    /// <summary>The parts of a line in fen, or the refusal <see cref="RefusalCode.TotalsDoNotAddUp"/>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="index">Its place among the lines sent, from 0: a refusal names it.</param>
    /// <param name="parts">The parts; nothing when refused.</param>
    public static Refusal? Of(in FeeLine line, int index, out ClaimTotals parts)
    {
        var refusal = Totalling.Derive(line, index, out var derived);
        parts = new ClaimTotals(
            derived.Total, derived.SelfFunded, derived.OverLimit, derived.PreSelfPay, derived.PreSelfPayNotCounted, derived.InScope);
        return refusal;
    }
}
