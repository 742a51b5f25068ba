using System.Buffers.Binary;

namespace Settlement.Http2.Frames;

/// <summary>Kinds of frames (RFC 9113, 6).</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    Reset = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>Flags of frames; what a bit means depends on the kind.</summary>
internal static class FrameFlags
{
    public const byte Ack = 0x1;
    public const byte EndStream = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte Priority = 0x20;
}

/// <summary>Settings that we send or heed (RFC 9113, 6.5.2).</summary>
internal static class SettingId
{
    public const int HeaderTableSize = 1;
    public const int EnablePush = 2;
    public const int MaxConcurrentStreams = 3;
    public const int InitialWindowSize = 4;
    public const int MaxFrameSize = 5;
}

/// <summary>The nine bytes in front of every frame.</summary>
internal readonly record struct Frame(int Length, FrameType Type, byte Flags, int Stream)
{
    public const int HeaderLength = 9;
    public const int DefaultMaxLength = 16 * 1024;

    /// <summary>Reads the header; the input has at least <see cref="HeaderLength"/> bytes.</summary>
    public static Frame Read(ReadOnlySpan<byte> input) => new(
        (input[0] << 16) | (input[1] << 8) | input[2],
        (FrameType)input[3],
        input[4],
        BinaryPrimitives.ReadInt32BigEndian(input[5..]) & int.MaxValue);

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> output)
    {
        output[0] = (byte)(Length >> 16);
        output[1] = (byte)(Length >> 8);
        output[2] = (byte)Length;
        output[3] = (byte)Type;
        output[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(output[5..], Stream);
    }

    public bool Has(byte flag) => (Flags & flag) != 0;

    /// <summary>The content of a DATA or HEADERS frame without padding and priority.</summary>
    /// <exception cref="Http2Exception">They are longer than the frame.</exception>
    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> payload)
    {
        int before = 0;
        int after = 0;
        if (Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty) throw new Http2Exception($"A padded {Type} frame is empty.");
            before = 1;
            after = payload[0];
        }

        if (Type == FrameType.Headers && Has(FrameFlags.Priority)) before += 5;
        return before + after <= payload.Length
            ? payload[before..^after]
            : throw new Http2Exception($"A {Type} frame of {payload.Length} bytes has {after} bytes of padding.");
    }
}
