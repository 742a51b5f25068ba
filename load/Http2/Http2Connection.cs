using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Settlement.Http2.Frames;
using Settlement.Http2.Hpack;

namespace Settlement.Http2;

/// <summary>
/// One HTTP/2 connection without TLS (prior knowledge), used by one thread. Speaks the protocol: preface, settings, windows, pings, header
/// blocks. What frames of streams mean is up to the deriving class.
/// </summary>
internal abstract class Http2Connection : IDisposable
{
    private const int Window = 64 << 20;
    private const int DefaultWindow = 65_535;
    private const int ReceiveLength = 256 * 1024;
    private const int SocketBuffer = 4 << 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveBufferSize = SocketBuffer,
        SendBufferSize = SocketBuffer,
        ReceiveTimeout = (int)Silence.TotalMilliseconds,
        SendTimeout = (int)Silence.TotalMilliseconds,
    };

    private readonly HpackDecoder decoder = new();
    private byte[] input = new byte[ReceiveLength];
    private int start;
    private int end;
    private byte[] block = [];
    private int blockStream;
    private byte blockFlags;
    private int received;
    private bool ready;

    /// <summary>Most streams the server takes at once.</summary>
    protected int MaxStreams { get; private set; } = int.MaxValue;

    /// <summary>Bytes of one stream the server takes before it gives more room.</summary>
    protected int StreamWindow { get; private set; } = DefaultWindow;

    /// <summary>Longest frame the server takes.</summary>
    protected int MaxFrame { get; private set; } = Frame.DefaultMaxLength;

    /// <summary>Size of the server's header table.</summary>
    protected int ServerTable { get; private set; } = HpackDecoder.DefaultTableSize;

    /// <summary>Bytes that may still be sent on the connection.</summary>
    protected long SendWindow { get; set; } = DefaultWindow;

    /// <summary>Frames to be sent.</summary>
    protected SendBuffer Output { get; } = new();

    /// <summary>Host and port as requests name them.</summary>
    protected string Authority { get; private set; } = "";

    /// <summary>Connects and waits for the server's settings.</summary>
    /// <exception cref="Http2Exception">The server does not speak HTTP/2, or not at all.</exception>
    public void Open(IPEndPoint server)
    {
        Authority = server.ToString();
        try
        {
            socket.Connect(server);
            Output.Add("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
            Span<byte> settings = stackalloc byte[12];
            WriteSetting(settings, SettingId.EnablePush, 0);
            WriteSetting(settings[6..], SettingId.InitialWindowSize, Window);
            Output.AddFrame(FrameType.Settings, 0, 0, settings);
            Output.AddWindowUpdate(0, Window - DefaultWindow);
            Flush();
            while (!ready) Receive();
        }
        catch (SocketException error)
        {
            throw new Http2Exception($"No connection to {server}: {error.Message}", error);
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        socket.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends what was gathered.</summary>
    protected void Flush() => Output.Flush(socket);

    /// <summary>Whether input comes within the time.</summary>
    protected bool Wait(long nanoseconds) => SocketWait.ForInput(socket, nanoseconds);

    /// <summary>Waits for input and handles every frame that is whole.</summary>
    /// <exception cref="Http2Exception">The connection was closed, broken or silent for 30 seconds.</exception>
    protected void Receive()
    {
        if (end == input.Length) MakeRoom();
        int count = socket.Receive(input.AsSpan(end));
        if (count == 0) throw new Http2Exception("The server closed the connection.");
        end += count;
        while (end - start >= Frame.HeaderLength)
        {
            Frame frame = Frame.Read(input.AsSpan(start));
            if (frame.Length > Frame.DefaultMaxLength)
                throw new Http2Exception($"A frame of {frame.Length} bytes came; {Frame.DefaultMaxLength} are allowed.");
            if (end - start < Frame.HeaderLength + frame.Length) break;
            Handle(frame, input.AsSpan(start + Frame.HeaderLength, frame.Length));
            start += Frame.HeaderLength + frame.Length;
        }

        if (start == end) (start, end) = (0, 0);
    }

    /// <summary>Gives the server room again for what was taken in on a long stream.</summary>
    protected void Replenish(int stream, int bytes) => Output.AddWindowUpdate(stream, bytes);

    /// <summary>A response's headers or trailers.</summary>
    protected abstract void OnHeaders(int stream, in ResponseHeaders headers, bool endStream);

    /// <summary>
    /// A part of a response's body; the span lives only during the call. <paramref name="counted"/> bytes were taken off the window.
    /// </summary>
    protected abstract void OnData(int stream, ReadOnlySpan<byte> data, int counted, bool endStream);

    /// <summary>The server ended a stream before its time.</summary>
    protected abstract void OnReset(int stream, uint code);

    /// <summary>The server takes no streams after this one.</summary>
    protected abstract void OnGoAway(int lastStream, uint code, string detail);

    /// <summary>The server gives a stream more room.</summary>
    protected virtual void OnStreamWindow(int stream, int bytes)
    {
    }

    /// <summary>The server changes the room of every open stream by so much.</summary>
    protected virtual void OnStreamWindowsChanged(int difference)
    {
    }

    private static void WriteSetting(Span<byte> output, int id, int value)
    {
        BinaryPrimitives.WriteInt16BigEndian(output, (short)id);
        BinaryPrimitives.WriteInt32BigEndian(output[2..], value);
    }

    private void Handle(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (block.Length > 0 && frame.Type != FrameType.Continuation)
            throw new Http2Exception($"A {frame.Type} frame came in the middle of a header block.");
        switch (frame.Type)
        {
            case FrameType.Data:
                Take(frame.Length);
                OnData(frame.Stream, frame.Content(payload), frame.Length, frame.Has(FrameFlags.EndStream));
                break;
            case FrameType.Headers when frame.Has(FrameFlags.EndHeaders):
                HeadersEnded(frame.Stream, frame.Content(payload), frame.Flags);
                break;
            case FrameType.Headers:
                (block, blockStream, blockFlags) = (frame.Content(payload).ToArray(), frame.Stream, frame.Flags);
                break;
            case FrameType.Continuation:
                Continue(frame, payload);
                break;
            case FrameType.Settings when !frame.Has(FrameFlags.Ack):
                for (; payload.Length >= 6; payload = payload[6..])
                    Set(BinaryPrimitives.ReadInt16BigEndian(payload), BinaryPrimitives.ReadUInt32BigEndian(payload[2..]));
                Output.AddFrame(FrameType.Settings, FrameFlags.Ack, 0, []);
                ready = true;
                break;
            case FrameType.Ping when !frame.Has(FrameFlags.Ack):
                Output.AddFrame(FrameType.Ping, FrameFlags.Ack, 0, payload);
                break;
            case FrameType.WindowUpdate:
                int more = (int)(Number(frame, payload) & int.MaxValue);
                if (frame.Stream == 0) SendWindow += more;
                else OnStreamWindow(frame.Stream, more);
                break;
            case FrameType.Reset:
                OnReset(frame.Stream, Number(frame, payload));
                break;
            case FrameType.GoAway:
                if (payload.Length < 8) throw new Http2Exception("A GOAWAY frame is too short.");
                OnGoAway((int)(Number(frame, payload) & int.MaxValue), Number(frame, payload[4..]), Encoding.UTF8.GetString(payload[8..]));
                break;
            case FrameType.PushPromise:
                throw new Http2Exception("The server pushes, which was not allowed.");
            default:
                break; // Acknowledgements, priorities and kinds that later standards may add ask for nothing.
        }
    }

    private static uint Number(Frame frame, ReadOnlySpan<byte> payload) => payload.Length >= 4
        ? BinaryPrimitives.ReadUInt32BigEndian(payload)
        : throw new Http2Exception($"A {frame.Type} frame is too short.");

    private void Continue(Frame frame, ReadOnlySpan<byte> payload)
    {
        if (block.Length == 0 || frame.Stream != blockStream) throw new Http2Exception("A CONTINUATION frame came without its begin.");
        block = [.. block, .. payload];
        if (!frame.Has(FrameFlags.EndHeaders)) return;
        byte[] whole = block;
        block = [];
        HeadersEnded(blockStream, whole, blockFlags);
    }

    private void HeadersEnded(int stream, ReadOnlySpan<byte> fields, byte flags)
    {
        ResponseHeaders headers = new();
        decoder.Decode(fields, ref headers);
        OnHeaders(stream, in headers, (flags & FrameFlags.EndStream) != 0);
    }

    /// <summary>Counts what came on the connection and makes room again, in large steps.</summary>
    private void Take(int length)
    {
        received += length;
        if (received < Window / 2) return;
        Output.AddWindowUpdate(0, received);
        received = 0;
    }

    private void Set(int id, uint value)
    {
        switch (id)
        {
            case SettingId.MaxConcurrentStreams:
                MaxStreams = (int)Math.Min(value, int.MaxValue);
                break;
            case SettingId.InitialWindowSize:
                int before = StreamWindow;
                StreamWindow = (int)Math.Min(value, int.MaxValue);
                OnStreamWindowsChanged(StreamWindow - before);
                break;
            case SettingId.MaxFrameSize:
                MaxFrame = (int)Math.Min(value, int.MaxValue);
                break;
            case SettingId.HeaderTableSize:
                ServerTable = (int)Math.Min(value, int.MaxValue);
                break;
            default:
                break; // A setting we have no use for.
        }
    }

    private void MakeRoom()
    {
        if (start == 0) Array.Resize(ref input, input.Length * 2);
        else input.AsSpan(start, end - start).CopyTo(input);
        end -= start;
        start = 0;
    }
}
