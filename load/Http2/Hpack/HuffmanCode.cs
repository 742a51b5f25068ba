namespace Settlement.Http2.Hpack;

/// <summary>
/// The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: codes of one length are consecutive in the order of their symbols, so
/// the lengths alone say all.
/// </summary>
internal static class HuffmanCode
{
    private const int EndOfString = 256;
    private const int Longest = 30;
    private const int MaxPadding = 7;

    /// <summary>Bits of the code of each symbol; the last one is the end mark.</summary>
    public static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private static readonly ushort[] Symbols = [.. Enumerable.Range(0, EndOfString + 1).OrderBy(static symbol => Lengths[symbol])
        .Select(static symbol => (ushort)symbol)];
    private static readonly int[] CountOfLength = [.. Enumerable.Range(0, Longest + 1)
        .Select(static length => Lengths.Count((byte)length))];

    /// <summary>Decodes a string; gives how many bytes were written.</summary>
    /// <exception cref="Http2Exception">The bytes are no such code, or do not fit.</exception>
    public static int Decode(ReadOnlySpan<byte> coded, Span<byte> plain)
    {
        int written = 0;
        int code = 0;
        int first = 0; // the lowest code of this length
        int before = 0; // symbols with shorter codes
        int length = 0;
        bool allOnes = true;
        foreach (byte part in coded)
        {
            for (int bit = 7; bit >= 0; bit--)
            {
                int value = (part >> bit) & 1;
                allOnes &= value == 1;
                code = (code << 1) | value;
                first <<= 1;
                if (++length > Longest) throw new Http2Exception("A Huffman code is longer than 30 bits.");
                int count = CountOfLength[length];
                if (code - first >= count)
                {
                    first += count;
                    before += count;
                    continue;
                }

                int symbol = Symbols[before + code - first];
                if (symbol == EndOfString) throw new Http2Exception("A Huffman string holds the end mark.");
                if (written == plain.Length) throw new Http2Exception($"A header string is longer than {plain.Length} bytes.");
                plain[written++] = (byte)symbol;
                (code, first, before, length, allOnes) = (0, 0, 0, 0, true);
            }
        }

        return length <= MaxPadding && allOnes ? written : throw new Http2Exception("A Huffman string ends in the middle of a code.");
    }
}
