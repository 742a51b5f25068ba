using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>The parts of a claim's costs in fen (section 2), checked against each other.</summary>
internal readonly record struct CostParts(long Total, long SelfFunded, long OverLimit, long PreSelfPay, long PreSelfPayNotCounted)
{
    public long InScope => Total - SelfFunded - OverLimit - PreSelfPay;

    /// <summary>What regulations know at all: in scope and the class B part.</summary>
    public long Compliant => InScope + PreSelfPay;
}

/// <summary>Totals of a claim: taken as given, or derived from its fee lines; where both are given they must agree (section 2).</summary>
internal static class Totalling
{
    /// <summary>The parts, or the refusal <see cref="RefusalCode.TotalsDoNotAddUp"/>.</summary>
    public static Refusal? Resolve(Claim claim, out CostParts parts)
    {
        var hasLines = !claim.Lines.IsDefaultOrEmpty;
        parts = default;
        if (claim.Totals is { } given)
        {
            if (Check(given, out parts) is { } bad)
                return bad;
        }
        else if (!hasLines)
        {
            return Mismatch("totals", null, "totals or lines");
        }

        if (hasLines && FromLines(claim, ref parts) is { } disagreement)
            return disagreement;

        return claim.GeneralFee < 0 || claim.GeneralFee > parts.InScope
            ? Mismatch("generalFee", claim.GeneralFee, $"0 to {parts.InScope}")
            : CheckKnown(claim, parts);
    }

    /// <summary>What the insurance has paid lies within the compliant costs.</summary>
    private static Refusal? CheckKnown(Claim claim, in CostParts parts)
    {
        if (claim.KnownPayments is not { } known)
            return null;

        if (known.Pooled < 0 || known.Pooled > parts.Compliant)
            return Mismatch("pooled", known.Pooled, $"0 to {parts.Compliant}");

        return known.SeriousIllness < 0 || known.SeriousIllness > parts.Compliant - known.Pooled
            ? Mismatch("seriousIllness", known.SeriousIllness, $"0 to {parts.Compliant - known.Pooled}")
            : null;
    }

    /// <summary>Whether any line is a treatment fee.</summary>
    public static bool HasTreatmentLine(Claim claim)
    {
        if (claim.Lines.IsDefaultOrEmpty)
            return false;

        foreach (ref readonly var line in claim.Lines.AsSpan())
            if (line.Treatment)
                return true;

        return false;
    }

    private static Refusal? Check(in ClaimTotals given, out CostParts parts)
    {
        parts = new CostParts(given.Total, given.SelfFunded, given.OverLimit, given.PreSelfPay, given.PreSelfPayNotCounted);
        if (!IsAmount(given.Total))
            return Mismatch("totals.total", given.Total, $"0 to {Limits.MaxAmount}");

        if (!IsAmount(given.SelfFunded))
            return Mismatch("totals.selfFunded", given.SelfFunded, "0 or more");

        if (!IsAmount(given.OverLimit))
            return Mismatch("totals.overLimit", given.OverLimit, "0 or more");

        if (!IsAmount(given.PreSelfPay))
            return Mismatch("totals.preSelfPay", given.PreSelfPay, "0 or more");

        if (given.PreSelfPayNotCounted < 0 || given.PreSelfPayNotCounted > given.PreSelfPay)
            return Mismatch("totals.preSelfPayNotCounted", given.PreSelfPayNotCounted, $"0 to {given.PreSelfPay}");

        if (parts.InScope < 0)
            return Mismatch("totals.total", given.Total, "at least selfFunded + overLimit + preSelfPay");

        return given.InScope is { } inScope && inScope != parts.InScope ? Mismatch("totals.inScope", inScope, $"{parts.InScope}") : null;
    }

    private static Refusal? FromLines(Claim claim, ref CostParts parts)
    {
        long total = 0, selfFunded = 0, overLimit = 0, preSelfPay = 0, notCounted = 0;
        var lines = claim.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            if (Derive(lines[i], i, out var line) is { } bad)
                return bad;

            total += line.Total;
            selfFunded += line.SelfFunded;
            overLimit += line.OverLimit;
            preSelfPay += line.PreSelfPay;
            notCounted += line.PreSelfPayNotCounted;
            if (total > Limits.MaxAmount)
                return Mismatch($"lines[{i}]", total, $"a sum of at most {Limits.MaxAmount}");
        }

        var derived = new CostParts(total, selfFunded, overLimit, preSelfPay, notCounted);
        if (claim.Totals is not null && derived != parts)
            return Mismatch(
                "totals", parts.Total,
                $"what the lines add up to: total {total}, selfFunded {selfFunded}, overLimit {overLimit}, preSelfPay {preSelfPay}, preSelfPayNotCounted {notCounted}");

        parts = derived;
        return null;
    }

    /// <summary>The parts of one line; <paramref name="index"/> names it in a refusal.</summary>
    public static Refusal? Derive(in FeeLine line, int index, out CostParts parts)
    {
        parts = default;
        if (!IsAmount(line.Price))
            return Mismatch($"lines[{index}].price", line.Price, $"0 to {Limits.MaxAmount}");

        if (!IsAmount(line.Quantity) || (Int128)line.Price * line.Quantity > Limits.MaxAmount)
            return Mismatch($"lines[{index}].quantity", line.Quantity, "0 or more, and an amount within bounds");

        if (line.Limit is { } given && !IsAmount(given))
            return Mismatch($"lines[{index}].limit", given, "0 or more");

        if (line.SelfPayBp is < 0 or > Limits.WholeBp)
            return Mismatch($"lines[{index}].selfPayBp", line.SelfPayBp, $"0 to {Limits.WholeBp}");

        var amount = line.Price * line.Quantity;
        if (line.Class == CatalogueClass.C)
        {
            parts = new CostParts(amount, amount, 0, 0, 0);
            return null;
        }

        var overLimit = line.Limit is { } limit ? Math.Max(0, line.Price - limit) * line.Quantity : 0;
        var preSelfPay = line.Class == CatalogueClass.B ? Rounding.HalfUp((amount - overLimit) * line.SelfPayBp) : 0;
        parts = new CostParts(amount, 0, overLimit, preSelfPay, line.NotCounted ? preSelfPay : 0);
        return null;
    }

    private static bool IsAmount(long value) => value is >= 0 and <= Limits.MaxAmount;

    private static Refusal Mismatch(string field, long? value, string expected)
        => new(RefusalCode.TotalsDoNotAddUp) { Field = field, Value = value?.ToString(), Expected = expected };
}

/// <summary>The one way to round money: half up to the fen (section 1).</summary>
internal static class Rounding
{
    /// <summary>
    /// Fen of a sum of amount x basis points, neither negative: amounts stay below <see cref="Limits.MaxAmount"/>, so that the sum fits 64
    /// bits.
    /// </summary>
    public static long HalfUp(long fenTimesBp) => (fenTimesBp + (Limits.WholeBp / 2)) / Limits.WholeBp;
}
