using System.Text;

namespace Settlement.Policy;

/// <summary>
/// Writes the compact binary of accounts, events and archives: varints, zig-zag for signed values, length-prefixed UTF-8.
/// </summary>
internal sealed class ByteWriter(int capacity)
{
    private const int LargestSpare = 1 << 16;

    /// <summary>A thread's buffer between two writers: every entry of the ledger takes several, one after the other.</summary>
    [ThreadStatic]
    private static byte[]? spare;

    private byte[] buffer = TakeSpare(capacity);
    private int length;

    /// <summary>What was written. The writer is at its end with this.</summary>
    public byte[] ToArray()
    {
        var written = buffer.AsSpan(0, length).ToArray();
        if (buffer.Length <= LargestSpare)
            spare = buffer;

        buffer = [];
        length = 0;
        return written;
    }

    public void Byte(byte value)
    {
        Ensure(1);
        buffer[length++] = value;
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        Ensure(value.Length);
        value.CopyTo(buffer.AsSpan(length));
        length += value.Length;
    }

    public void Unsigned(ulong value)
    {
        Ensure(10);
        while (value >= 0x80)
        {
            buffer[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[length++] = (byte)value;
    }

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A count of items that follow.</summary>
    public void Count(int value) => Unsigned((uint)value);

    public void Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)count);
        Ensure(count);
        length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(length));
    }

    /// <summary>Optional text: length plus one, 0 for none.</summary>
    public void OptionalText(string? value)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }

        var count = Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)count + 1);
        Ensure(count);
        length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(length));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        Raw(value);
    }

    public void Date(DateOnly value) => Unsigned((ulong)value.DayNumber);

    /// <summary>Optional date: day number plus one, 0 for none.</summary>
    public void OptionalDate(DateOnly? value) => Unsigned(value is { } date ? (ulong)date.DayNumber + 1 : 0);

    /// <summary>Optional non-negative value plus one, 0 for none.</summary>
    public void OptionalUnsigned(long? value) => Unsigned(value is { } present ? (ulong)present + 1 : 0);

    private static byte[] TakeSpare(int capacity)
    {
        var taken = spare;
        spare = null;
        return taken is not null && taken.Length >= capacity ? taken : new byte[capacity];
    }

    private void Ensure(int more)
    {
        if (buffer.Length - length < more)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
    }
}

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote; anything else is an <see cref="InvalidDataException"/> that names what was read and where.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly string what = what;
    private int at;

    public byte Byte()
    {
        if (at >= bytes.Length)
            throw Bad("ends too early");

        return bytes[at++];
    }

    public ReadOnlySpan<byte> Raw(int count)
    {
        if (count < 0 || bytes.Length - at < count)
            throw Bad("ends too early");

        var part = bytes.Slice(at, count);
        at += count;
        return part;
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                if (next == 0 && shift > 0)
                    throw Bad("a number is not in its shortest form");

                return value;
            }
        }

        throw Bad("a number is too long");
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int SignedInt()
    {
        var value = Signed();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Bad("a number is too large");
    }

    /// <summary>A count of items that follow, each of at least one byte.</summary>
    public int Count()
    {
        var value = Unsigned();
        return value <= (ulong)(bytes.Length - at) ? (int)value : throw Bad("a count is larger than what follows");
    }

    public string Text() => Encoding.UTF8.GetString(Raw(Count()));

    public string? OptionalText()
    {
        var length = Unsigned();
        if (length == 0)
            return null;

        return length - 1 <= (ulong)(bytes.Length - at)
            ? Encoding.UTF8.GetString(Raw((int)(length - 1)))
            : throw Bad("a text is longer than what follows");
    }

    public byte[] Bytes() => Raw(Count()).ToArray();

    public DateOnly Date() => ToDate(Unsigned());

    public DateOnly? OptionalDate()
    {
        var value = Unsigned();
        return value == 0 ? null : ToDate(value - 1);
    }

    public long? OptionalUnsigned()
    {
        var value = Unsigned();
        return value == 0 ? null : (long)(value - 1);
    }

    /// <summary>A value of a byte enumeration; one this build does not know is an error.</summary>
    public T Enum<T>()
        where T : struct, Enum
    {
        var value = Byte();
        return EnumBytes<T>.IsKnown[value] ? EnumBytes<T>.Values[value] : throw Bad($"{value} is no {typeof(T).Name}");
    }

    public readonly void End()
    {
        if (at != bytes.Length)
            throw Bad("goes on after its end");
    }

    public readonly InvalidDataException Bad(string reason) => new($"{what}: {reason} (byte {at} of {bytes.Length})");

    private readonly DateOnly ToDate(ulong value)
        => value <= (ulong)DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)value) : throw Bad("a date is out of range");
}

/// <summary>Which bytes are values of an enumeration, worked out once.</summary>
internal static class EnumBytes<T>
    where T : struct, Enum
{
    public static readonly T[] Values = new T[256];
    public static readonly bool[] IsKnown = new bool[256];

    static EnumBytes()
    {
        foreach (var value in Enum.GetValues<T>())
        {
            var at = Convert.ToByte(value, System.Globalization.CultureInfo.InvariantCulture);
            Values[at] = value;
            IsKnown[at] = true;
        }
    }
}
