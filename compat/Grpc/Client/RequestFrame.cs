using System.Buffers;
using Grpc.Core;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Client;

/// <summary>
/// Serialises one request with its frame header into an array of its own, so that HTTP may send it again on another connection.
/// </summary>
internal sealed class RequestFrame : SerializationContext, IBufferWriter<byte>
{
    private static readonly Status TooBig = new(
        StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.");

    private readonly int? maxSize;
    private byte[] bytes = [];
    private int written;

    private RequestFrame(int? maxSize) => this.maxSize = maxSize;

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: longer than allowed.</exception>
    internal static ReadOnlyMemory<byte> Serialize<TRequest,
        TResponse>(ClientCall<TRequest, TResponse> call, TRequest message, WriteFlags flags)
        where TRequest : class
        where TResponse : class
    {
        var frame = new RequestFrame(call.Channel.Options.MaxSendMessageSize);
        call.Serializer(message, frame);
        ReadOnlySpan<byte> payload = frame.bytes.AsSpan(0, frame.written)[GrpcProtocol.FrameHeaderSize..];
        frame.CheckSize(payload.Length);
        // .NET's streams compress nothing into nothing, which is no valid gzip to other decoders: an empty message goes as it is.
        if (call.RequestEncoding is null || payload.IsEmpty || flags.HasFlag(WriteFlags.NoCompress))
            return frame.Finish();
        return Compressed(call.Channel.Compression.Compress(call.RequestEncoding, payload).Span);
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        EnsureStarted(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        EnsureStarted(256);
        return this;
    }

    public override void Complete() => EnsureStarted(0);

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        SetPayloadLength(payload.Length);
        this.Write(payload);
    }

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(written);
    }

    private static ReadOnlyMemory<byte> Compressed(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[GrpcProtocol.FrameHeaderSize + payload.Length];
        Frames.WriteHeader(frame, payload.Length, compressed: true);
        payload.CopyTo(frame.AsSpan(GrpcProtocol.FrameHeaderSize));
        return frame;
    }

    private ReadOnlyMemory<byte> Finish()
    {
        Frames.WriteHeader(bytes, written - GrpcProtocol.FrameHeaderSize, compressed: false);
        return bytes.AsMemory(0, written);
    }

    private void EnsureStarted(int payloadLength)
    {
        if (written > 0)
            return;
        bytes = GC.AllocateUninitializedArray<byte>(GrpcProtocol.FrameHeaderSize + payloadLength);
        written = GrpcProtocol.FrameHeaderSize;
    }

    private void Reserve(int sizeHint)
    {
        int needed = written + Math.Max(sizeHint, 1);
        if (needed > bytes.Length)
            Array.Resize(ref bytes, Math.Max(needed, bytes.Length * 2));
    }

    private void CheckSize(int size)
    {
        if (size > (maxSize ?? int.MaxValue))
            throw new RpcException(TooBig);
    }
}
