using System.Globalization;

namespace Settlement.Gateway.National.Messages;

/// <summary>
/// Money as the national interface writes it, yuan with two decimals (N16,2), and as everything else here has it: fen. Exact both ways.
/// </summary>
internal static class Yuan
{
    private const int MaxDigits = 14;

    /// <summary>
    /// Reads an amount. Decimals beyond the second are taken only where they are zero, because a fen is never rounded away.
    /// </summary>
    /// <param name="text">The digits as they came, for example <c>1234.5</c>.</param>
    /// <param name="fen">The amount.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long fen)
    {
        fen = 0;
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> part = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length is 0 or > MaxDigits || whole.ContainsAnyExceptInRange('0', '9')) return false;
        if (point >= 0 && (part.IsEmpty || part.ContainsAnyExceptInRange('0', '9'))) return false;
        if (part.Length > 2 && part[2..].ContainsAnyExcept('0')) return false;
        fen = 100 * long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        if (part.Length > 0) fen += 10 * (part[0] - '0');
        if (part.Length > 1) fen += part[1] - '0';
        return true;
    }

    /// <summary>Writes an amount, for example <c>1234.50</c>.</summary>
    public static string Text(long fen) =>
        string.Create(CultureInfo.InvariantCulture, $"{(fen < 0 ? "-" : "")}{Math.Abs(fen) / 100}.{Math.Abs(fen) % 100:00}");
}
