using System.Diagnostics.CodeAnalysis;

namespace Settlement.Contract;

/// <summary>A calendar day as the contract writes it: YYYY-MM-DD, ten ASCII characters and nothing else.</summary>
public static class IsoDay
{
    /// <summary>Reads a day. The general parser of the base library costs twenty times as much, and every claim has several days.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DateOnly day)
    {
        day = default;
        if (text is not { Length: 10 } || text[4] != '-' || text[7] != '-') return false;
        if (!Number(text.AsSpan(0, 4), out int year) || !Number(text.AsSpan(5, 2), out int month)
            || !Number(text.AsSpan(8, 2), out int number)) return false;
        if (year == 0 || month is 0 or > 12 || number == 0 || number > DateTime.DaysInMonth(year, month)) return false;
        day = new DateOnly(year, month, number);
        return true;
    }

    /// <summary>Reads a day that has been checked before.</summary>
    /// <exception cref="FormatException">It is no day.</exception>
    public static DateOnly Parse(string text) =>
        TryParse(text, out DateOnly day) ? day : throw new FormatException($"'{text}' is no day as YYYY-MM-DD.");

    private static bool Number(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (char digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            number = number * 10 + (digit - '0');
        }
        return true;
    }
}
