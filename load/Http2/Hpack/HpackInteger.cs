namespace Settlement.Http2.Hpack;

/// <summary>Whole numbers with a prefix of some bits in a byte that holds flags, too (RFC 7541, 5.1).</summary>
internal static class HpackInteger
{
    private const int MostBytes = 5;

    /// <summary>Reads a number and takes its bytes off the input.</summary>
    /// <exception cref="Http2Exception">The input ends too early, or the number is beyond 28 bits.</exception>
    public static int Read(ref ReadOnlySpan<byte> input, int prefixBits)
    {
        if (input.IsEmpty) throw new Http2Exception("A header block ends in the middle of a field.");
        int mask = (1 << prefixBits) - 1;
        int value = input[0] & mask;
        if (value < mask)
        {
            input = input[1..];
            return value;
        }

        for (int i = 1, shift = 0; i < MostBytes; i++, shift += 7)
        {
            if (i == input.Length) throw new Http2Exception("A header block ends in the middle of a number.");
            value += (input[i] & 0x7F) << shift;
            if ((input[i] & 0x80) != 0) continue;
            input = input[(i + 1)..];
            return value;
        }

        throw new Http2Exception("A number in a header block is too large.");
    }

    /// <summary>Appends a number; <paramref name="flags"/> are the bits above the prefix.</summary>
    public static void Write(List<byte> output, byte flags, int prefixBits, int value)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            output.Add((byte)(flags | value));
            return;
        }

        output.Add((byte)(flags | mask));
        for (value -= mask; value >= 0x80; value >>= 7) output.Add((byte)(value | 0x80));
        output.Add((byte)value);
    }
}
