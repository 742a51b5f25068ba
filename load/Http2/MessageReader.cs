using System.Buffers.Binary;

namespace Settlement.Http2;

/// <summary>Puts gRPC messages together again from the parts of a body. Copies only what comes in parts.</summary>
internal sealed class MessageReader
{
    private const int PrefixLength = 5;
    private byte[] kept = [];
    private int have;

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsInside => have > 0;

    /// <summary>
    /// Takes the next message off the data. False when what is there is no whole message: it is kept, and the data is empty afterwards.
    /// The message lives until the next call.
    /// </summary>
    /// <exception cref="Http2Exception">The message is compressed, which was not asked for.</exception>
    public bool TryTake(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> message)
    {
        if (have == 0 && TotalOf(data) is { } whole && whole <= data.Length)
        {
            message = data[PrefixLength..whole];
            data = data[whole..];
            return true;
        }

        Keep(ref data, PrefixLength);
        if (TotalOf(kept.AsSpan(0, have)) is { } total)
        {
            Keep(ref data, total);
            if (have == total)
            {
                message = kept.AsSpan(PrefixLength, total - PrefixLength);
                have = 0;
                return true;
            }
        }

        message = default;
        return false;
    }

    private static int? TotalOf(ReadOnlySpan<byte> data)
    {
        if (data.Length < PrefixLength) return null;
        if (data[0] != 0) throw new Http2Exception("An answer is compressed, which was not asked for.");
        return PrefixLength + BinaryPrimitives.ReadInt32BigEndian(data[1..]);
    }

    private void Keep(ref ReadOnlySpan<byte> data, int upTo)
    {
        int more = Math.Min(upTo - have, data.Length);
        if (more <= 0) return;
        if (have + more > kept.Length) Array.Resize(ref kept, Math.Max(upTo, kept.Length * 2));
        data[..more].CopyTo(kept.AsSpan(have));
        have += more;
        data = data[more..];
    }
}
