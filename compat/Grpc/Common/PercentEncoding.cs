using System.Text;

namespace Settlement.Compat.Grpc.Common;

/// <summary>The percent encoding of <c>grpc-message</c>: UTF-8, where printable ASCII other than '%' stands for itself.</summary>
internal static class PercentEncoding
{
    private const string HexDigits = "0123456789ABCDEF";

    internal static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%'))
            return text;
        var encoded = new StringBuilder(text.Length + 16);
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
                encoded.Append((char)octet);
            else
                encoded.Append('%').Append(HexDigits[octet >> 4]).Append(HexDigits[octet & 15]);
        }

        return encoded.ToString();
    }

    /// <summary>The text; a '%' that no two hex digits follow stands for itself.</summary>
    internal static string Decode(string encoded) => encoded.Contains('%') ? Uri.UnescapeDataString(encoded) : encoded;
}
