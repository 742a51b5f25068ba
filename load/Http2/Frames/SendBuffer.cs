using System.Buffers.Binary;
using System.Net.Sockets;

namespace Settlement.Http2.Frames;

/// <summary>Frames on their way out: gathered, then sent with one system call.</summary>
internal sealed class SendBuffer
{
    private byte[] bytes = new byte[256 * 1024];
    private int used;

    public bool IsEmpty => used == 0;

    /// <summary>Room for so many more bytes, to be filled and then counted with <see cref="Advance"/>.</summary>
    public Span<byte> Room(int length)
    {
        if (used + length > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + length));
        return bytes.AsSpan(used);
    }

    public void Advance(int length) => used += length;

    public void Add(ReadOnlySpan<byte> raw)
    {
        raw.CopyTo(Room(raw.Length));
        used += raw.Length;
    }

    public void AddFrame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> room = Room(Frame.HeaderLength + payload.Length);
        new Frame(payload.Length, type, flags, stream).Write(room);
        payload.CopyTo(room[Frame.HeaderLength..]);
        used += Frame.HeaderLength + payload.Length;
    }

    public void AddWindowUpdate(int stream, int bytesMore)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytesMore);
        AddFrame(FrameType.WindowUpdate, 0, stream, payload);
    }

    /// <summary>Sends everything.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    public void Flush(Socket socket)
    {
        for (int sent = 0; sent < used;) sent += socket.Send(bytes.AsSpan(sent, used - sent));
        used = 0;
    }
}
