namespace Settlement.Ledger;

/// <summary>
/// 128 bits as 26 characters of Crockford base32: no I, L, O or U, so that an id survives being read out on the telephone.
/// </summary>
internal static class CrockfordBase32
{
    public const int TextLength = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const byte NotADigit = 0xFF;
    private static readonly byte[] Digits = BuildDigits();

    public static void Write(UInt128 value, Span<char> destination)
    {
        for (int i = TextLength - 1; i >= 0; i--)
        {
            destination[i] = Alphabet[(int)((ulong)value & 31)];
            value >>= 5;
        }
    }

    /// <summary>Null when the text was read, otherwise what is wrong with it.</summary>
    public static string? Read(ReadOnlySpan<char> text, out UInt128 value)
    {
        value = UInt128.Zero;
        if (text.Length != TextLength) return $"it must have {TextLength} characters, has {text.Length}.";
        for (int i = 0; i < TextLength; i++)
        {
            char c = text[i];
            byte digit = c < Digits.Length ? Digits[c] : NotADigit;
            if (digit == NotADigit) return $"character {i + 1} is not one of {Alphabet}.";
            // 26 digits hold 130 bits: the first may carry only the top three of 128.
            if (i == 0 && digit > 7) return "the first character must be 0 to 7.";
            value = (value << 5) | digit;
        }
        return null;
    }

    private static byte[] BuildDigits()
    {
        byte[] digits = new byte[128];
        Array.Fill(digits, NotADigit);
        for (byte i = 0; i < Alphabet.Length; i++)
        {
            digits[Alphabet[i]] = i;
            digits[char.ToLowerInvariant(Alphabet[i])] = i;
        }
        digits['I'] = digits['i'] = digits['L'] = digits['l'] = 1;
        digits['O'] = digits['o'] = 0;
        return digits;
    }
}
