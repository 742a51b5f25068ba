using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Settlement.Ledger;

/// <summary>
/// A 128-bit key of the ledger: the first 16 bytes of SHA-256 over a domain word and length-prefixed UTF-8 parts.
/// The same parts always give the same key, on any machine. The text form is 26 characters of Crockford base32;
/// a settlement's id is the text of its request key.
/// </summary>
/// <remarks>The default value is all zero bits and stands for no key.</remarks>
public readonly struct LedgerKey : IEquatable<LedgerKey>, ISpanFormattable, ISpanParsable<LedgerKey>
{
    /// <summary>Length of the binary form in bytes.</summary>
    public const int ByteLength = 16;

    /// <summary>Length of the text form in characters.</summary>
    public const int TextLength = CrockfordBase32.TextLength;

    private readonly UInt128 value;

    private LedgerKey(UInt128 value) => this.value = value;

    /// <summary>True for the default value, which is no key.</summary>
    public bool IsZero => value == UInt128.Zero;

    /// <summary>The key of a request: who sent it and the request id that the sender gave it.</summary>
    /// <param name="origin">Facility code or the agency's own word; not empty.</param>
    /// <param name="requestId">The sender's request id; not empty.</param>
    public static LedgerKey ForRequest(string origin, string requestId)
    {
        ArgumentException.ThrowIfNullOrEmpty(origin);
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        (string Origin, string RequestId, LedgerKey Key) last = lastRequest;
        if (ReferenceEquals(last.Origin, origin) && ReferenceEquals(last.RequestId, requestId)) return last.Key;
        LedgerKey key = Derive("request", origin, requestId, null);
        lastRequest = (origin, requestId, key);
        return key;
    }

    // A request's key is derived when it is decided and checked when its entry is sealed, in one go on one thread.
    [ThreadStatic]
    private static (string Origin, string RequestId, LedgerKey Key) lastRequest;

    /// <summary>
    /// The key of a charge: the facility, its visit (<c>mdtrt_id</c>) and the charge batch (<c>chrg_bchno</c>). Two requests
    /// for the same charge share this key even when their request ids differ.
    /// </summary>
    /// <param name="facility">Facility code; not empty.</param>
    /// <param name="visitId">Visit id; not empty.</param>
    /// <param name="batchNo">Charge batch number; empty when the facility settles a visit as a whole.</param>
    public static LedgerKey ForCharge(string facility, string visitId, string batchNo)
    {
        ArgumentException.ThrowIfNullOrEmpty(facility);
        ArgumentException.ThrowIfNullOrEmpty(visitId);
        ArgumentNullException.ThrowIfNull(batchNo);
        return Derive("charge", facility, visitId, batchNo);
    }

    /// <summary>Reads the binary form.</summary>
    /// <exception cref="ArgumentException">The span is not 16 bytes long.</exception>
    public static LedgerKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == ByteLength
        ? new LedgerKey(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"A ledger key has {ByteLength} bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>Writes the binary form, 16 bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, value);

    /// <summary>The binary form in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[ByteLength];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The same 16 bytes, in the same order, as a UUID: PostgreSQL's fixed-width 16-byte type.</summary>
    public Guid ToGuid()
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The key whose bytes the UUID holds.</summary>
    public static LedgerKey FromGuid(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[ByteLength];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return FromBytes(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(LedgerKey other) => value == other.value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is LedgerKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode();

    /// <summary>Two keys are equal when all their bits are.</summary>
    public static bool operator ==(LedgerKey left, LedgerKey right) => left.Equals(right);

    /// <summary>The opposite of equality.</summary>
    public static bool operator !=(LedgerKey left, LedgerKey right) => !left.Equals(right);

    /// <summary>The text form: 26 upper-case characters of Crockford base32.</summary>
    public override string ToString() => string.Create(TextLength, value, static (span, value) => CrockfordBase32.Write(value, span));

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (destination.Length < TextLength) return false;
        CrockfordBase32.Write(value, destination);
        charsWritten = TextLength;
        return true;
    }

    /// <summary>Reads the text form. Lower case and the look-alikes I, L (1) and O (0) are understood.</summary>
    /// <exception cref="FormatException">The text is no key; the message says why.</exception>
    public static LedgerKey Parse(ReadOnlySpan<char> text)
    {
        string? error = CrockfordBase32.Read(text, out UInt128 value);
        return error is null ? new LedgerKey(value) : throw new FormatException($"'{text}' is not a ledger key: {error}");
    }

    /// <summary>Reads the text form; false when it is no key.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LedgerKey key)
    {
        bool good = CrockfordBase32.Read(text, out UInt128 value) is null;
        key = good ? new LedgerKey(value) : default;
        return good;
    }

    /// <inheritdoc/>
    public static LedgerKey Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out LedgerKey result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static LedgerKey Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LedgerKey result) =>
        TryParse(s.AsSpan(), out result);

    private static LedgerKey Derive(string domain, string first, string second, string? third)
    {
        int most = 4 * sizeof(int) + Encoding.UTF8.GetMaxByteCount(domain.Length + first.Length + second.Length + (third?.Length ?? 0));
        Span<byte> buffer = most <= 1024 ? stackalloc byte[1024] : new byte[most];
        int length = Put(buffer, domain);
        length += Put(buffer[length..], first);
        length += Put(buffer[length..], second);
        if (third is not null) length += Put(buffer[length..], third);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        ShortHash.HashData(buffer[..length], digest);
        return FromBytes(digest[..ByteLength]);
    }

    // The length prefix keeps ("ab", "c") and ("a", "bc") apart.
    private static int Put(Span<byte> buffer, string part)
    {
        int length = Encoding.UTF8.GetBytes(part, buffer[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        return sizeof(int) + length;
    }
}
