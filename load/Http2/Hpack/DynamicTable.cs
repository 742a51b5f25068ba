namespace Settlement.Http2.Hpack;

/// <summary>
/// The fields that the other side has sent before, newest first; the oldest fall out when the size is reached (RFC 7541, 2.3.2).
/// </summary>
internal sealed class DynamicTable
{
    private readonly int maxSize;
    private HeaderField[] ring = new HeaderField[16];
    private int newest = -1;
    private int size;
    private int limit;

    public DynamicTable(int maxSize)
    {
        this.maxSize = maxSize;
        limit = maxSize;
    }

    /// <summary>How many fields there are.</summary>
    public int Count { get; private set; }

    /// <summary>A field by age: 0 is the newest.</summary>
    public HeaderField this[int age] => ring[(newest - age + ring.Length) % ring.Length];

    /// <summary>Adds the newest field. One that is larger than the whole table empties it and is not kept.</summary>
    public void Add(HeaderField field)
    {
        Evict(limit - field.Size);
        if (field.Size > limit) return;
        if (Count == ring.Length) Grow();
        newest = (newest + 1) % ring.Length;
        ring[newest] = field;
        Count++;
        size += field.Size;
    }

    /// <summary>Changes how large the table may be.</summary>
    /// <exception cref="Http2Exception">It is more than was offered.</exception>
    public void Resize(int bytes)
    {
        if (bytes > maxSize) throw new Http2Exception($"The server wants a header table of {bytes} bytes; {maxSize} were offered.");
        limit = bytes;
        Evict(limit);
    }

    private void Evict(int room)
    {
        while (Count > 0 && size > room)
        {
            size -= this[Count - 1].Size;
            Count--;
        }
    }

    private void Grow()
    {
        HeaderField[] larger = new HeaderField[ring.Length * 2];
        for (int age = 0; age < Count; age++) larger[Count - 1 - age] = this[age];
        ring = larger;
        newest = Count - 1;
    }
}
