using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>
/// Takes one response from a serialiser. If its length is known before, the message goes straight into the response pipe; otherwise, or if
/// it is to be compressed, into a buffer first. Serialising never leaves its thread, so each thread has one for all calls.
/// </summary>
internal sealed class ResponseFrame : SerializationContext
{
    private static readonly Status TooBig = new(
        StatusCode.ResourceExhausted, "Sending message exceeds the maximum configured message size.");

    [ThreadStatic]
    private static ResponseFrame? ofThread;

    private PipeWriter output = null!;
    private MethodOptions options = null!;
    private string? encoding;
    private int? length;
    private ArrayBufferWriter<byte>? buffer;
    private bool isComplete;

    /// <summary>Writes a message into the response pipe without flushing it.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: longer than allowed; nothing was written.</exception>
    internal static void Write<T>(HttpServerCall call, Action<T, SerializationContext> serializer, T message, WriteFlags flags)
    {
        ResponseFrame frame = ofThread ??= new ResponseFrame();
        frame.output = call.Http.Response.BodyWriter;
        frame.options = call.Options;
        frame.encoding = flags.HasFlag(WriteFlags.NoCompress) ? null : call.ResponseEncoding;
        frame.isComplete = false;
        try
        {
            serializer(message, frame);
            if (!frame.isComplete)
                throw new InvalidOperationException("The serialiser did not complete the message.");
        }
        finally
        {
            frame.output = null!;
            frame.options = null!;
            frame.length = null;
            frame.buffer = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        length = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (encoding is not null || length is null)
            return buffer ??= new ArrayBufferWriter<byte>(Math.Max(length ?? 256, 1));
        WriteHeader(length.Value, compressed: false);
        return output;
    }

    public override void Complete()
    {
        if (buffer is not null)
            WriteWhole(buffer.WrittenSpan);
        isComplete = true;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        WriteWhole(payload);
        isComplete = true;
    }

    private void WriteWhole(ReadOnlySpan<byte> message)
    {
        CheckSize(message.Length);
        // .NET's streams compress nothing into nothing, which is no valid gzip to other decoders: an empty message goes as it is.
        bool compressed = encoding is not null && !message.IsEmpty;
        ReadOnlySpan<byte> payload = compressed
            ? options.Compression.Compress(encoding!, message, options.ResponseCompressionLevel).Span
            : message;
        WriteHeader(payload.Length, compressed);
        output.Write(payload);
    }

    private void WriteHeader(int payloadLength, bool compressed)
    {
        Frames.WriteHeader(output.GetSpan(GrpcProtocol.FrameHeaderSize), payloadLength, compressed);
        output.Advance(GrpcProtocol.FrameHeaderSize);
    }

    private void CheckSize(int size)
    {
        if (size > (options.MaxSendMessageSize ?? int.MaxValue))
            throw new RpcException(TooBig);
    }
}
