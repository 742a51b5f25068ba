using System.Text;

namespace Settlement.Http2.Hpack;

/// <summary>A header field as a table keeps it.</summary>
internal sealed class HeaderField(byte[] name, byte[] value)
{
    private const int Overhead = 32;

    public HeaderField(string name, string value = "")
        : this(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value))
    {
    }

    public byte[] Name => name;

    public byte[] Value => value;

    /// <summary>What the field counts for in the size of a table (RFC 7541, 4.1).</summary>
    public int Size => name.Length + value.Length + Overhead;
}
