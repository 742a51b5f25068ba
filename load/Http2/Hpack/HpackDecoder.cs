namespace Settlement.Http2.Hpack;

/// <summary>Takes the fields of a header block one by one; the spans live only during the call.</summary>
internal interface IHeaderSink
{
    void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);
}

/// <summary>
/// Decodes the header blocks of one connection, in their order (RFC 7541). Allocates only for fields that enter the table.
/// </summary>
internal sealed class HpackDecoder(int tableSize = HpackDecoder.DefaultTableSize)
{
    /// <summary>Size of the table when nobody says otherwise, and the size we offer.</summary>
    public const int DefaultTableSize = 4096;

    private const int LongestString = 64 * 1024;
    private readonly DynamicTable table = new(tableSize);
    private byte[]? nameText;
    private byte[]? valueText;

    /// <summary>Decodes a whole block.</summary>
    /// <exception cref="Http2Exception">The block breaks HPACK; the connection is then useless.</exception>
    public void Decode<TSink>(ReadOnlySpan<byte> block, ref TSink sink)
        where TSink : struct, IHeaderSink
    {
        while (!block.IsEmpty)
        {
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                HeaderField known = At(HpackInteger.Read(ref block, 7));
                sink.Field(known.Name, known.Value);
            }
            else if ((first & 0x40) != 0)
            {
                Literal(ref block, 6, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
                table.Add(new HeaderField(name.ToArray(), value.ToArray()));
                sink.Field(name, value);
            }
            else if ((first & 0x20) != 0)
            {
                table.Resize(HpackInteger.Read(ref block, 5));
            }
            else
            {
                Literal(ref block, 4, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
                sink.Field(name, value);
            }
        }
    }

    private void Literal(ref ReadOnlySpan<byte> block, int prefixBits, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int index = HpackInteger.Read(ref block, prefixBits);
        name = index > 0 ? At(index).Name : Text(ref block, ref nameText);
        value = Text(ref block, ref valueText);
    }

    private HeaderField At(int index)
    {
        int age = index - 1 - StaticTable.Fields.Length;
        return index > 0 && age < table.Count
            ? age < 0 ? StaticTable.Fields[index - 1] : table[age]
            : throw new Http2Exception($"A header block names field {index}, which there is not.");
    }

    private static ReadOnlySpan<byte> Text(ref ReadOnlySpan<byte> block, ref byte[]? scratch)
    {
        bool huffman = !block.IsEmpty && (block[0] & 0x80) != 0;
        int length = HpackInteger.Read(ref block, 7);
        if (length > block.Length) throw new Http2Exception("A header block ends in the middle of a text.");
        ReadOnlySpan<byte> text = block[..length];
        block = block[length..];
        if (!huffman) return text;
        scratch ??= new byte[LongestString];
        return scratch.AsSpan(0, HuffmanCode.Decode(text, scratch));
    }
}
