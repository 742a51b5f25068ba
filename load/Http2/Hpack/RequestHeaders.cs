namespace Settlement.Http2.Hpack;

/// <summary>
/// The header block of one gRPC method, encoded once. The first request of a connection carries the fields and enters them into the
/// server's table; every later one names them by number, one byte a field.
/// </summary>
internal sealed class RequestHeaders
{
    private const byte AddToTable = 0x40;
    private const byte Indexed = 0x80;

    private RequestHeaders(byte[] first, byte[] next)
    {
        First = first;
        Next = next;
    }

    /// <summary>Block of a connection's first request.</summary>
    public byte[] First { get; }

    /// <summary>Block of every later request.</summary>
    public byte[] Next { get; }

    /// <param name="authority">Host and port.</param>
    /// <param name="path">As in <c>/package.Service/Method</c>.</param>
    /// <param name="further">Further fields, names in lower case, such as <c>authorization</c>.</param>
    /// <param name="serverTable">Size of the server's table, from its settings.</param>
    public static RequestHeaders Encode(string authority, string path, IEnumerable<KeyValuePair<string, string>> further, int serverTable)
    {
        List<(int NameIndex, HeaderField Field)> fields =
        [
            (StaticTable.Path, new(":path", path)),
            (StaticTable.Authority, new(":authority", authority)),
            (StaticTable.ContentType, new("content-type", "application/grpc")),
            (0, new("te", "trailers")),
            .. further.Select(static header => (0, new HeaderField(header.Key, header.Value))),
        ];
        // A server may keep less than we would use: then nothing is entered, and every request carries its fields.
        bool keeps = serverTable >= HpackDecoder.DefaultTableSize
            && fields.Sum(static entry => entry.Field.Size) <= HpackDecoder.DefaultTableSize;
        List<byte> first = [Indexed | StaticTable.MethodPost, Indexed | StaticTable.SchemeHttp];
        List<byte> next = [.. first];
        foreach ((int nameIndex, HeaderField field) in fields)
        {
            HpackInteger.Write(first, keeps ? AddToTable : (byte)0, keeps ? 6 : 4, nameIndex);
            if (nameIndex == 0) Text(first, field.Name);
            Text(first, field.Value);
        }

        // The field entered last is number 62.
        for (int i = 0; i < fields.Count; i++) HpackInteger.Write(next, Indexed, 7, StaticTable.Fields.Length + fields.Count - i);
        byte[] whole = [.. first];
        return new RequestHeaders(whole, keeps ? [.. next] : whole);
    }

    private static void Text(List<byte> output, byte[] text)
    {
        HpackInteger.Write(output, 0, 7, text.Length);
        output.AddRange(text);
    }
}
