using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Settlement.Http2.Frames;
using Settlement.Http2.Hpack;

namespace Settlement.Http2;

/// <summary>
/// Unary calls on one connection. Every open call is an element of a fixed array, found by its stream: nothing is allocated for a call.
/// </summary>
internal sealed class UnaryConnection(ICalls calls, IReadOnlyDictionary<string, string> headers) : Http2Connection
{
    private const int MessagePrefix = 5;
    private const int Ring = 1 << 16;
    private const int LastStream = int.MaxValue - 2;
    private const int NoStatus = -1;
    private const double OftenPerSecond = 2_000;
    private const long TurnNanoseconds = 1_000_000;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Call[] open = new Call[Ring];
    private readonly Dictionary<int, MessageReader> parted = [];
    private readonly string path = calls.Path;
    private MessageReader spare = new();
    private RequestHeaders? request;
    private bool used;
    private int nextStream = 1;
    private int active;
    private int most;
    private bool goingAway;
    private long origin;
    private long closes;
    private ArrivalSchedule? schedule;

    /// <summary>What was seen so far.</summary>
    public LoadResult Result { get; } = new();

    private bool MayStart => active < most && !goingAway && SendWindow >= MessagePrefix + calls.MaxRequestBytes && !calls.IsExhausted;

    /// <summary>Keeps so many calls in flight until the time is over, then waits for the last answers.</summary>
    public void RunClosed(int inFlight, long begin, TimeSpan span)
    {
        most = Math.Min(inFlight, MaxStreams);
        if (most < inFlight)
            throw new Http2Exception(
                $"The server takes {MaxStreams} streams a connection at once; {inFlight} are wanted: use more connections.");
        Run(begin, span, () =>
        {
            while (true)
            {
                // Mostly every answer has started its successor; what lacked room on the connection starts here.
                for (long now = Now(); MayStart && now < closes; now = Now()) Start(now);
                Flush();
                if (active > 0) Receive();
                else if (goingAway || calls.IsExhausted || Now() >= closes) break;
                else if (Wait(Math.Max(0, closes - Now()))) Receive(); // not even one call has room: the server may give more
            }
        });
    }

    /// <summary>
    /// Starts calls when they are due, whatever became of earlier ones; what the server has no stream for waits, and its time runs. What
    /// waits when the span is over is sent after it, or left. Where calls are due often, those of the same millisecond are sent together,
    /// and answers are looked at as often: a wake for each would take from the server a processor that they share. That wait is in the
    /// latency.
    /// </summary>
    public void RunOpen(ArrivalSchedule arrivals, long begin, TimeSpan span, bool leavesUnsent)
    {
        most = Math.Min(MaxStreams, Ring / 2);
        schedule = arrivals;
        Run(begin, span, () =>
        {
            long due = schedule.Next();
            long turn = schedule.Rate >= OftenPerSecond ? TurnNanoseconds : 0;
            long begun = -turn;
            while (active > 0 || (due < closes && !goingAway && !calls.IsExhausted))
            {
                if (begun + turn - Now() is > 0 and long rest) SocketWait.Pause(rest);
                long now = begun = Now();
                if (leavesUnsent && now >= closes)
                {
                    for (; due < closes; due = schedule.Next()) Result.CountUnsent(1);
                }

                for (; due <= now && due < closes && MayStart; due = schedule.Next()) Start(due);
                Flush();
                bool waits = due < closes && MayStart;
                if (!waits && active == 0) break;
                if (!waits || Wait(Math.Max(0, due - Now()))) Receive();
            }
        });
    }

    /// <inheritdoc/>
    protected override void OnHeaders(int stream, in ResponseHeaders headers, bool endStream)
    {
        ref Call call = ref Find(stream);
        if (call.Stream != stream) return;
        if (headers.HttpStatus >= 0) call.HttpStatus = headers.HttpStatus;
        if (headers.GrpcStatus >= 0) call.GrpcStatus = headers.GrpcStatus;
        if (headers.GrpcStatus > 0) Result.Fail(GrpcStatusNames.Name(headers.GrpcStatus), headers.Message);
        if (endStream) End(ref call);
    }

    /// <inheritdoc/>
    protected override void OnData(int stream, ReadOnlySpan<byte> data, int counted, bool endStream)
    {
        ref Call call = ref Find(stream);
        if (call.Stream != stream) return;
        if (!data.IsEmpty) Read(ref call, data);
        if (endStream) End(ref call);
    }

    /// <inheritdoc/>
    protected override void OnReset(int stream, uint code)
    {
        ref Call call = ref Find(stream);
        if (call.Stream != stream) return;
        Result.Fail($"stream reset with {ErrorCodes.Name(code)}", "");
        Close(ref call);
    }

    /// <inheritdoc/>
    protected override void OnGoAway(int lastStream, uint code, string detail)
    {
        goingAway = true;
        Result.Fail($"GOAWAY with {ErrorCodes.Name(code)}", detail);
        for (int i = 0; i < open.Length; i++)
        {
            if (open[i].Stream <= lastStream) continue;
            Result.Fail("stream refused by GOAWAY", "");
            Close(ref open[i]);
        }
    }

    private void Run(long begin, TimeSpan span, Action loop)
    {
        request = RequestHeaders.Encode(Authority, path, headers, ServerTable);
        if (MessagePrefix + calls.MaxRequestBytes > Math.Min(MaxFrame, StreamWindow))
            throw new Http2Exception($"A request of {calls.MaxRequestBytes} bytes does not fit into one frame of the server.");
        origin = begin;
        closes = (long)span.TotalNanoseconds;
        try
        {
            loop();
        }
        catch (Exception error) when (error is Http2Exception or SocketException)
        {
            Result.Fail("connection lost", error.Message);
            Result.Fail("call lost with its connection", "", active);
        }

        Result.Duration = TimeSpan.FromMicroseconds(Now() / 1000.0);
    }

    /// <summary>Nanoseconds since the load began.</summary>
    private long Now() => (long)((Stopwatch.GetTimestamp() - origin) * NanosecondsPerTick);

    private ref Call Find(int stream) => ref open[(stream >> 1) & (Ring - 1)];

    private void Start(long at)
    {
        // A call that takes very long keeps its place: its successors' streams skip the number.
        while (Find(nextStream).Stream != 0) Skip();
        int stream = nextStream;
        Skip();
        byte[] block = used ? request!.Next : request!.First;
        used = true;
        int before = Frame.HeaderLength + block.Length + Frame.HeaderLength + MessagePrefix;
        Span<byte> room = Output.Room(before + calls.MaxRequestBytes);
        int length = calls.Write(room.Slice(before, calls.MaxRequestBytes));
        new Frame(block.Length, FrameType.Headers, FrameFlags.EndHeaders, stream).Write(room);
        block.CopyTo(room[Frame.HeaderLength..]);
        room = room[(Frame.HeaderLength + block.Length)..];
        new Frame(MessagePrefix + length, FrameType.Data, FrameFlags.EndStream, stream).Write(room);
        room[Frame.HeaderLength] = 0;
        BinaryPrimitives.WriteInt32BigEndian(room[(Frame.HeaderLength + 1)..], length);
        Output.Advance(before + length);
        SendWindow -= MessagePrefix + length;
        long sent = schedule is null ? at : Now();
        open[(stream >> 1) & (Ring - 1)] =
            new Call { Stream = stream, Started = at, Sent = sent, HttpStatus = NoStatus, GrpcStatus = NoStatus };
        active++;
    }

    private void Skip()
    {
        if (nextStream >= LastStream) throw new Http2Exception("The connection has no stream numbers left.");
        nextStream += 2;
    }

    private void Read(ref Call call, ReadOnlySpan<byte> data)
    {
        // Nearly every answer is one frame; the rest is put together aside.
        if (!parted.TryGetValue(call.Stream, out MessageReader? reader)) reader = spare;
        while (!data.IsEmpty)
        {
            if (reader.TryTake(ref data, out ReadOnlySpan<byte> message))
            {
                call.Messages++;
                call.Fault ??= calls.Fault(message);
            }
        }

        if (reader.IsInside == parted.ContainsKey(call.Stream)) return;
        if (reader.IsInside)
        {
            parted[call.Stream] = reader;
            spare = new MessageReader();
        }
        else
        {
            parted.Remove(call.Stream);
        }
    }

    private void End(ref Call call)
    {
        if (call.GrpcStatus == 0 && call.HttpStatus == 200 && call.Messages == 1 && call.Fault is null
            && (parted.Count == 0 || !parted.ContainsKey(call.Stream)))
            Record(call);
        else if (call.HttpStatus != 200) Result.Fail($"HTTP status {call.HttpStatus}", "");
        else if (call.GrpcStatus == NoStatus) Result.Fail("answer without a gRPC status", "");
        else if (call.Fault is not null) Result.Fail("wrong answer", call.Fault);
        else if (call.GrpcStatus == 0) Result.Fail("answer without exactly one whole message", $"{call.Messages} messages");
        Close(ref call);
    }

    private void Record(in Call call)
    {
        long now = Now();
        Result.Latency.Record(now - call.Started);
        if (now <= closes) Result.CountInSpan();
        if (schedule is not null) Result.Served.Record(now - call.Sent);
    }

    private void Close(ref Call call)
    {
        parted.Remove(call.Stream);
        call = default;
        active--;
        if (schedule is not null) return;
        long now = Now();
        if (now < closes && MayStart) Start(now);
    }

    private struct Call
    {
        public int Stream;
        public int HttpStatus;
        public int GrpcStatus;
        public int Messages;
        public long Started;
        public long Sent;
        public string? Fault;
    }
}
