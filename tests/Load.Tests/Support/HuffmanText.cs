using System.Numerics;
using Settlement.Http2.Hpack;

namespace Settlement.Load.Tests.Support;

/// <summary>Encodes in HPACK's Huffman code, which the load generator itself never does.</summary>
internal static class HuffmanText
{
    private static readonly (int Length, uint Code)[] Codes = Canonical();

    /// <summary>The bytes in code, filled up with ones.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> plain)
    {
        BigInteger bits = BigInteger.Zero;
        int length = 0;
        foreach (byte value in plain)
        {
            bits = (bits << Codes[value].Length) | Codes[value].Code;
            length += Codes[value].Length;
        }

        int padding = (8 - length % 8) % 8;
        bits = (bits << padding) | ((1 << padding) - 1);
        byte[] coded = new byte[(length + padding) / 8];
        for (int i = coded.Length - 1; i >= 0; i--, bits >>= 8) coded[i] = (byte)(bits & 0xFF);
        return coded;
    }

    private static (int Length, uint Code)[] Canonical()
    {
        byte[] lengths = HuffmanCode.Lengths.ToArray();
        (int Length, uint Code)[] codes = new (int Length, uint Code)[lengths.Length];
        uint code = 0;
        int before = 0;
        foreach (int symbol in Enumerable.Range(0, lengths.Length).OrderBy(symbol => lengths[symbol]))
        {
            code <<= lengths[symbol] - before;
            before = lengths[symbol];
            codes[symbol] = (before, code++);
        }

        return codes;
    }
}
