using System.Net;
using System.Net.Sockets;
using Settlement.Http2.Frames;

namespace Settlement.Load.Tests.Support;

/// <summary>
/// A server that takes one connection, answers the settings, and does with each whole request what the script says: byte for byte what a
/// well-behaved server would never send.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const int PrefaceLength = 24;

    /// <summary>:status 200, as the static table has it.</summary>
    public const byte Status200 = 0x88;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Task serving;

    /// <param name="script">Given the number of the request from 1 and its stream; false closes the connection.</param>
    public ScriptedServer(Func<ScriptedServer, int, int, Task<bool>> script)
    {
        listener.Start();
        serving = ServeAsync(script);
    }

    public IPEndPoint Address => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>Requests that came whole.</summary>
    public int Requests { get; private set; }

    private NetworkStream Stream { get; set; } = null!;

    /// <summary>The settings sent first.</summary>
    public byte[] Settings { get; init; } = [];

    /// <summary>Sends a frame.</summary>
    public async Task SendAsync(FrameType type, byte flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[Frame.HeaderLength + payload.Length];
        new Frame(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame, Frame.HeaderLength);
        await Stream.WriteAsync(frame);
    }

    /// <summary>Headers, an empty message and status 0.</summary>
    public async Task AnswerAsync(int stream)
    {
        await SendAsync(FrameType.Headers, FrameFlags.EndHeaders, stream, Status200);
        await SendAsync(FrameType.Data, 0, stream, 0, 0, 0, 0, 0);
        await SendAsync(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, GrpcStatus("0"));
    }

    /// <summary>A block with the one field grpc-status, not to be entered into the table.</summary>
    public static byte[] GrpcStatus(string status) =>
        [0, 11, .. "grpc-status"u8, (byte)status.Length, .. System.Text.Encoding.ASCII.GetBytes(status)];

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    private async Task ServeAsync(Func<ScriptedServer, int, int, Task<bool>> script)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        Stream = client.GetStream();
        try
        {
            await Stream.ReadExactlyAsync(new byte[PrefaceLength]);
            await SendAsync(FrameType.Settings, 0, 0, Settings);
            byte[] header = new byte[Frame.HeaderLength];
            while (await Stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == header.Length)
            {
                Frame frame = Frame.Read(header);
                await Stream.ReadExactlyAsync(new byte[frame.Length]);
                bool ends = frame.Type is FrameType.Data or FrameType.Headers && frame.Has(FrameFlags.EndStream);
                if (ends && !await script(this, ++Requests, frame.Stream)) return;
            }
        }
        catch (IOException)
        {
            return; // The load has closed its end.
        }
    }
}
