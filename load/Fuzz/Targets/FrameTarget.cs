using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Settlement.Fuzz.Inputs;

namespace Settlement.Fuzz.Targets;

/// <summary>
/// Bytes on a socket: a valid HTTP/2 connection with one gRPC call, or a valid HTTP/1.1 request, changed anywhere. The server may answer or
/// close as it likes, but it must do one of them soon after we have closed our side.
/// </summary>
internal sealed class FrameTarget(Samples samples, string grpcAddress, string httpAddress) : ITarget
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const int FrameHeader = 9;

    public string Name => "frames";

    public int Share => 5;

    public int AtOnce => 8;

    public async Task<string?> TryAsync(Chance chance, CancellationToken patience)
    {
        bool http2 = !chance.OneIn(4);
        byte[] valid = http2 ? Http2(chance) : Http1(chance);
        byte[] bytes = chance.OneIn(20) ? chance.Bytes(2000) : http2 && chance.OneIn(2)
            ? ChangeFrame(valid, chance)
            : ByteMutator.Change(valid, chance);
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            LingerState = new LingerOption(true, 0),
        };
        await socket.ConnectAsync(IPEndPoint.Parse(new Uri(http2 ? grpcAddress : httpAddress).Authority), patience);
        try
        {
            await socket.SendAsync(bytes, SocketFlags.None, patience);
            socket.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[16 * 1024];
            while (await socket.ReceiveAsync(answer, SocketFlags.None, patience) > 0)
            {
                // Any answer will do.
            }
        }
        catch (SocketException closed)
            when (closed.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            return null;
        }

        return null;
    }

    // A frame whose header says something else: length, type, flags or stream.
    private static byte[] ChangeFrame(byte[] valid, Chance chance)
    {
        byte[] bytes = [.. valid];
        List<int> frames = [];
        for (int at = 24; at + FrameHeader <= bytes.Length; at += FrameHeader + (bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2]))
            frames.Add(at);
        for (int times = 1 + chance.Below(3); times > 0; times--)
        {
            int frame = chance.Of(frames);
            int at = frame + chance.Of([0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 8]);
            bytes[at] = chance.OneIn(2) ? (byte)chance.Below(11) : chance.OneIn(2)
                ? (byte)0xFF
                : (byte)(bytes[at] ^ (1 << chance.Below(8)));
        }

        return bytes;
    }

    private byte[] Http2(Chance chance)
    {
        MethodDescriptor method = chance.Of(samples.Methods);
        byte[] message = samples.Request(method, chance).ToByteArray();
        byte[] data = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(1), message.Length);
        message.CopyTo(data, 5);
        MemoryStream bytes = new();
        bytes.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Frame(bytes, Settings, 0, 0, []);
        Frame(bytes, Headers, EndHeaders, 1, Block($"/{method.Service.FullName}/{method.Name}"));
        Frame(bytes, Data, EndStream, 1, data);
        return bytes.ToArray();
    }

    private byte[] Http1(Chance chance)
    {
        MethodDescriptor method = chance.Of(samples.Methods);
        string body = JsonFormatter.Default.Format(samples.Request(method, chance));
        return Encoding.UTF8.GetBytes(
            $"POST /v1/{method.Service.Name}/{method.Name} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
    }

    private static void Frame(Stream output, byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeader];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        output.Write(header);
        output.Write(payload);
    }

    // Literal fields without indexing (RFC 7541, 6.2.2): names and values as they are.
    private static byte[] Block(string path)
    {
        MemoryStream block = new();
        foreach ((string name, string value) in new[] { (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"),
            ("content-type", "application/grpc"), ("te", "trailers") })
        {
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.ASCII.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.ASCII.GetBytes(value));
        }

        return block.ToArray();
    }
}
