using System.Globalization;

namespace Settlement.Policy;

/// <summary>Figures in words: one place that formats amounts, ratios and dates for people.</summary>
public static class Explanation
{
    /// <summary>Fen as yuan with two decimals; an open limit as <c>∞</c>.</summary>
    public static string Yuan(long fen)
    {
        if (fen == long.MaxValue)
            return "∞";

        var size = (UInt128)Int128.Abs(fen);
        return string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{size / 100}.{(int)(size % 100):00}");
    }

    /// <summary>Fen at a ratio in basis points as yuan, exactly: two decimals, more where the product has them.</summary>
    public static string Exact(long fen, int bp)
    {
        var product = (Int128)fen * bp;
        var size = Int128.Abs(product);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{(product < 0 ? "-" : "")}{size / 1_000_000}.{(int)(size % 1_000_000):000000}");
        return text[..^4] + text[^4..].TrimEnd('0');
    }

    /// <summary>Basis points as percent without needless zeros.</summary>
    public static string Percent(long bp)
    {
        var (whole, part) = Math.DivRem(bp, 100);
        return part == 0 ? $"{whole} %" : string.Create(CultureInfo.InvariantCulture, $"{whole}.{part:00} %");
    }

    /// <summary>Basis points as a factor: 25,000 is 2.5.</summary>
    public static string Factor(long bp)
    {
        var (whole, part) = Math.DivRem(bp, Limits.WholeBp);
        return part == 0 ? $"{whole}" : string.Create(CultureInfo.InvariantCulture, $"{whole}.{part:0000}").TrimEnd('0');
    }

    /// <summary>A day number as a date; the last day of the calendar as <c>∞</c>.</summary>
    public static string Day(long dayNumber)
        => dayNumber >= DateOnly.MaxValue.DayNumber
            ? "∞"
            : DateOnly.FromDayNumber((int)dayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
