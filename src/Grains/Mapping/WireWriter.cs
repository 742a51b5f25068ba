using System.Numerics;
using System.Text;
using Google.Protobuf;

namespace Settlement.Mapping;

/// <summary>
/// Lays out a protobuf message from its last byte to its first, so that the length of a part is known when its head is written and nothing
/// is measured beforehand. Fields are written in falling order of their numbers; what has its default value is left out, as the contract's
/// encoding wants it.
/// </summary>
internal ref struct WireWriter
{
    private const int MaxVarint = 10;
    private const int MaxHead = 2 * MaxVarint;
    private const int UsualSize = 4096;

    // A message is written in one go on one thread.
    [ThreadStatic]
    private static byte[]? ofThread;

    private byte[] buffer;
    private int start;

    /// <summary>A writer with nothing written. One at a time on a thread.</summary>
    public WireWriter()
    {
        buffer = ofThread ??= new byte[UsualSize];
        start = buffer.Length;
    }

    /// <summary>How many bytes are written; remembered before the fields of a part, for <see cref="EndPart"/>.</summary>
    public readonly int Length => buffer.Length - start;

    /// <summary>A number, an <c>int32</c>, <c>int64</c> or enum of the contract; nothing when it is 0.</summary>
    public void Number(int field, long value)
    {
        if (value == 0) return;
        MakeRoom(MaxHead);
        // A negative int32 is written as an int64, too.
        Varint((ulong)value);
        Tag(field, WireFormat.WireType.Varint);
    }

    /// <summary>A text; nothing when it is empty.</summary>
    public void Text(int field, ReadOnlySpan<char> value)
    {
        if (value.Length > 0) Element(field, value);
    }

    /// <summary>A text of a repeated field.</summary>
    public void Element(int field, ReadOnlySpan<char> value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        MakeRoom(MaxHead + length);
        start -= length;
        Encoding.UTF8.GetBytes(value, buffer.AsSpan(start, length));
        Head(field, length);
    }

    /// <summary>Ends a message within the message, after its fields were written.</summary>
    /// <param name="field">Its field in the message around it.</param>
    /// <param name="before"><see cref="Length"/> before its fields.</param>
    public void EndPart(int field, int before)
    {
        MakeRoom(MaxHead);
        Head(field, Length - before);
    }

    /// <summary>What was written.</summary>
    public readonly byte[] ToArray() => buffer.AsSpan(start).ToArray();

    private void Head(int field, int length)
    {
        Varint((ulong)length);
        Tag(field, WireFormat.WireType.LengthDelimited);
    }

    private void Tag(int field, WireFormat.WireType type) => Varint(WireFormat.MakeTag(field, type));

    private void Varint(ulong value)
    {
        if (value < 0x80)
        {
            buffer[--start] = (byte)value;
            return;
        }

        int length = (BitOperations.Log2(value) / 7) + 1;
        start -= length;
        Span<byte> bytes = buffer.AsSpan(start, length);
        int i = 0;
        for (; value >= 0x80; value >>= 7) bytes[i++] = (byte)(value | 0x80);
        bytes[i] = (byte)value;
    }

    private void MakeRoom(int length)
    {
        if (start >= length) return;
        int written = Length;
        byte[] larger = new byte[2 * (written + length)];
        buffer.AsSpan(start).CopyTo(larger.AsSpan(larger.Length - written));
        start = larger.Length - written;
        // What one long bill needed is not held for ever: the thread keeps its usual buffer.
        buffer = larger;
    }
}
