using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Settlement.Ledger;

/// <summary>
/// A SHA-256 hash as a value: no array, no garbage. The default value is 32 zero bytes, the hash before a person's first entry.
/// </summary>
public readonly struct LedgerHash : IEquatable<LedgerHash>
{
    /// <summary>Length in bytes.</summary>
    public const int ByteLength = SHA256.HashSizeInBytes;

    private readonly UInt128 high;
    private readonly UInt128 low;

    private LedgerHash(UInt128 high, UInt128 low) => (this.high, this.low) = (high, low);

    /// <summary>32 zero bytes: what stands before a person's first entry.</summary>
    public static LedgerHash Zero => default;

    /// <summary>True for the default value.</summary>
    public bool IsZero => high == UInt128.Zero && low == UInt128.Zero;

    /// <summary>The SHA-256 hash of some bytes.</summary>
    public static LedgerHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[ByteLength];
        ShortHash.HashData(content, digest);
        return FromBytes(digest);
    }

    /// <summary>Reads 32 bytes.</summary>
    /// <exception cref="ArgumentException">The span is not 32 bytes long.</exception>
    public static LedgerHash FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == ByteLength
        ? new LedgerHash(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]))
        : throw new ArgumentException($"A ledger hash has {ByteLength} bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(LedgerHash other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is LedgerHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => low.GetHashCode();

    /// <summary>Two hashes are equal when all their bits are.</summary>
    public static bool operator ==(LedgerHash left, LedgerHash right) => left.Equals(right);

    /// <summary>The opposite of equality.</summary>
    public static bool operator !=(LedgerHash left, LedgerHash right) => !left.Equals(right);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
