using System.Globalization;

namespace Settlement.WebConsole.Words;

/// <summary>Figures as pages show them.</summary>
internal static class Figures
{
    /// <summary>Fen as yuan with two decimals and thousands separators: 123456 is <c>1,234.56</c>.</summary>
    public static string Yuan(long fen)
    {
        ulong size = fen < 0 ? (ulong)-(Int128)fen : (ulong)fen;
        return $"{(fen < 0 ? "−" : "")}{size / 100:#,0}.{size % 100:00}";
    }

    /// <summary>A difference with its sign.</summary>
    public static string Difference(long fen) => fen > 0 ? $"+{Yuan(fen)}" : Yuan(fen);

    /// <summary>Basis points as percent: 6550 is <c>65.5%</c>.</summary>
    public static string Percent(long basisPoints) => (basisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>A count with separators.</summary>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share as the width of a drawing in percent, with a point whatever the culture.</summary>
    public static string Width(double share) => (100 * Math.Clamp(share, 0, 1)).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    /// <summary>Seconds as milliseconds: three digits that count.</summary>
    public static string Milliseconds(double seconds)
    {
        double ms = seconds * 1000;
        return ms.ToString(ms >= 100 ? "#,0" : ms >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>Yuan as a person types them, as fen; null when it is no amount of at most two decimals.</summary>
    public static long? Fen(string? text)
    {
        if (!decimal.TryParse(
            text?.Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal yuan)) return null;
        decimal fen = yuan * 100;
        return fen == decimal.Truncate(fen) && fen <= 100_000_000_000_00m ? (long)fen : null;
    }
}
