using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Settlement.Http2.Frames;
using Settlement.Http2.Hpack;

namespace Settlement.Http2;

/// <summary>
/// One long stream in both directions on one connection, with so many requests open at once. Requests that are due together share frames,
/// as in clients that write in bulk.
/// </summary>
internal sealed class BulkConnection(IBulkCalls calls, IReadOnlyDictionary<string, string> headers) : Http2Connection
{
    private const int Stream = 1;
    private const int MessagePrefix = 5;
    private const int RoomStep = 1 << 20;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Dictionary<long, long> open = [];
    private readonly MessageReader reader = new();
    private readonly byte[] frame = new byte[Frame.DefaultMaxLength];
    private long origin;
    private long streamRoom;
    private int taken;
    private bool ended;

    /// <summary>What was seen so far.</summary>
    public LoadResult Result { get; } = new();

    /// <summary>Keeps so many requests open until the time is over, ends the stream and waits for the last answers.</summary>
    public void Run(int inFlight, long begin, TimeSpan span)
    {
        if (MessagePrefix + calls.MaxRequestBytes > frame.Length)
            throw new Http2Exception($"A request of {calls.MaxRequestBytes} bytes does not fit into one frame.");
        origin = begin;
        streamRoom = StreamWindow;
        long closes = (long)span.TotalNanoseconds;
        try
        {
            Output.AddFrame(
                FrameType.Headers, FrameFlags.EndHeaders, Stream, RequestHeaders.Encode(Authority, calls.Path, headers, ServerTable).First);
            while (!ended && !calls.IsExhausted && Now() < closes)
            {
                Write(inFlight);
                Flush();
                Receive();
            }

            if (!ended) Output.AddFrame(FrameType.Data, FrameFlags.EndStream, Stream, []);
            while (!ended)
            {
                Flush();
                Receive();
            }
        }
        catch (Exception error) when (error is Http2Exception or SocketException)
        {
            Result.Fail("connection lost", error.Message);
        }

        Result.Fail("request without an answer", "", open.Count);
        Result.Duration = TimeSpan.FromMicroseconds(Now() / 1000.0);
    }

    /// <inheritdoc/>
    protected override void OnHeaders(int stream, in ResponseHeaders headers, bool endStream)
    {
        if (headers.HttpStatus is >= 0 and not 200) Result.Fail($"HTTP status {headers.HttpStatus}", "");
        if (headers.GrpcStatus > 0) Result.Fail(GrpcStatusNames.Name(headers.GrpcStatus), headers.Message);
        else if (endStream && headers.GrpcStatus < 0) Result.Fail("answer without a gRPC status", "");
        ended |= endStream;
    }

    /// <inheritdoc/>
    protected override void OnData(int stream, ReadOnlySpan<byte> data, int counted, bool endStream)
    {
        taken += counted;
        if (taken >= RoomStep)
        {
            Replenish(Stream, taken);
            taken = 0;
        }

        while (!data.IsEmpty)
        {
            if (reader.TryTake(ref data, out ReadOnlySpan<byte> message)) Answered(message);
        }

        if (endStream) Result.Fail("answer without a gRPC status", "");
        ended |= endStream;
    }

    /// <inheritdoc/>
    protected override void OnReset(int stream, uint code)
    {
        Result.Fail($"stream reset with {ErrorCodes.Name(code)}", "");
        ended = true;
    }

    /// <inheritdoc/>
    protected override void OnGoAway(int lastStream, uint code, string detail)
    {
        Result.Fail($"GOAWAY with {ErrorCodes.Name(code)}", detail);
        ended |= lastStream < Stream;
    }

    /// <inheritdoc/>
    protected override void OnStreamWindow(int stream, int bytes) => streamRoom += bytes;

    /// <inheritdoc/>
    protected override void OnStreamWindowsChanged(int difference) => streamRoom += difference;

    private long Now() => (long)((Stopwatch.GetTimestamp() - origin) * NanosecondsPerTick);

    private void Answered(ReadOnlySpan<byte> message)
    {
        string? fault = calls.Fault(message, out long number);
        if (!open.Remove(number, out long started)) Result.Fail("answer to no request", $"request {number}");
        else if (fault is not null) Result.Fail("wrong answer", fault);
        else Result.Latency.Record(Now() - started);
    }

    private void Write(int inFlight)
    {
        int most = MessagePrefix + calls.MaxRequestBytes;
        while (open.Count < inFlight && !calls.IsExhausted)
        {
            int room = (int)Math.Min(Math.Min(frame.Length, MaxFrame), Math.Min(streamRoom, SendWindow));
            int filled = 0;
            for (; open.Count < inFlight && !calls.IsExhausted && room - filled >= most; filled += MessagePrefix)
            {
                int length = calls.Write(frame.AsSpan(filled + MessagePrefix), out long number);
                frame[filled] = 0;
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(filled + 1), length);
                filled += length;
                open.Add(number, Now());
            }

            if (filled == 0) return; // no room now: it comes with a later frame
            Output.AddFrame(FrameType.Data, 0, Stream, frame.AsSpan(0, filled));
            streamRoom -= filled;
            SendWindow -= filled;
        }
    }
}
