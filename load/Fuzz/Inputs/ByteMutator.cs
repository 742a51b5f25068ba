using System.Text;

namespace Settlement.Fuzz.Inputs;

/// <summary>Changes bytes and texts without knowing what they mean, save for words that parsers stumble over.</summary>
internal static class ByteMutator
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "", "null", "true", "-1", "0", "9223372036854775808", "-9223372036854775808", "1e999", "NaN", "Infinity", "0x10", "1.5", "\"",
            "\\", "\\u0000",
            "\\ud800", "{", "}", "[", "]", "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":", ":", ",", "&a", "*a", "<<: *a", "!!binary",
            "!!js", "|", ">", "- ", "---\n", "...\n",
            "\t", "\r\n", "\0", "%YAML 9.9\n", "2026-02-30", "0000-00-00", "99999-01-01", "210100198506151238", "医疗", "\u202e", "\ufeff",
            "../../etc/passwd",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ];

    /// <summary>A copy with a few changes.</summary>
    public static byte[] Change(ReadOnlySpan<byte> valid, Chance chance, int mostLength = 200_000)
    {
        List<byte> bytes = [.. valid];
        for (int times = 1 + chance.Below(6); times > 0; times--) Once(bytes, chance);
        if (bytes.Count > mostLength) bytes.RemoveRange(mostLength, bytes.Count - mostLength);
        return [.. bytes];
    }

    private static void Once(List<byte> bytes, Chance chance)
    {
        int at = chance.Below(bytes.Count + 1);
        int length = Math.Min(chance.OneIn(4) ? chance.Below(200) : chance.Below(8), bytes.Count - at);
        switch (chance.Below(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << chance.Below(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = chance.Of<byte>([0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'0', (byte)'-', (byte)'\n']);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(chance.Below(bytes.Count - length + 1), length));
                break;
            case 4:
                bytes.InsertRange(at, chance.Bytes(16));
                break;
            case 5 when chance.OneIn(20):
                bytes.InsertRange(at, Enumerable.Repeat(chance.Of(Words), 1000).SelectMany(static word => word));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                byte[] word = chance.Of(Words);
                bytes.RemoveRange(at, Math.Min(length, word.Length));
                bytes.InsertRange(at, word);
                break;
        }
    }
}
