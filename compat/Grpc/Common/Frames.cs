using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Settlement.Compat.Grpc.Common;

/// <summary>The five bytes before each message.</summary>
internal static class Frames
{
    private static readonly Status BadFlag = new(StatusCode.Internal, "Unexpected compressed flag value in message header.");
    private static readonly Status BadLength = new(StatusCode.Internal, "Unexpected length in message header.");
    private static readonly Status TooBig = new(
        StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

    internal static void WriteHeader(Span<byte> header, int length, bool compressed)
    {
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }

    /// <exception cref="RpcException">INTERNAL: not a gRPC frame. RESOURCE_EXHAUSTED: longer than allowed.</exception>
    internal static int ReadHeader(ReadOnlySpan<byte> header, int? maxSize, out bool compressed)
    {
        if (header[0] > 1)
            throw new RpcException(BadFlag);
        compressed = header[0] == 1;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > int.MaxValue)
            throw new RpcException(BadLength);
        return length <= (maxSize ?? int.MaxValue) ? (int)length : throw new RpcException(TooBig);
    }

    /// <summary>Takes one whole frame off the buffer; false if more bytes are needed.</summary>
    internal static bool TryTake(ref ReadOnlySequence<byte> buffer, int? maxSize, out bool compressed, out ReadOnlySequence<byte> payload)
    {
        compressed = false;
        payload = default;
        if (buffer.Length < GrpcProtocol.FrameHeaderSize)
            return false;
        Span<byte> scratch = stackalloc byte[GrpcProtocol.FrameHeaderSize];
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < GrpcProtocol.FrameHeaderSize)
        {
            buffer.Slice(0, GrpcProtocol.FrameHeaderSize).CopyTo(scratch);
            header = scratch;
        }

        int length = ReadHeader(header, maxSize, out compressed);
        if (buffer.Length < GrpcProtocol.FrameHeaderSize + length)
            return false;
        payload = buffer.Slice(GrpcProtocol.FrameHeaderSize, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }
}
