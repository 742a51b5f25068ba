using System.Buffers;
using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Client;

/// <summary>Takes messages off a response body.</summary>
internal sealed class ResponseFrames
{
    private const int InitialSize = 4096;

    private static readonly Status Incomplete = new(StatusCode.Internal, "Incomplete message.");
    private static readonly Status NoEncoding = new(
        StatusCode.Internal, "Response did not include grpc-encoding value with compressed message.");

    private readonly Stream body;
    private readonly int? maxSize;
    private readonly MessageCompression compression;
    private readonly string? encoding;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int start;
    private int end;

    private ResponseFrames(Stream body, GrpcChannel channel, string? encoding)
    {
        this.body = body;
        this.encoding = encoding;
        maxSize = channel.Options.MaxReceiveMessageSize;
        compression = channel.Compression;
    }

    internal static async ValueTask<ResponseFrames> OpenAsync(
        HttpResponseMessage response, GrpcChannel channel, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        string? encoding = response.Headers.NonValidated.TryGetValues(GrpcProtocol.Encoding, out var values) ? values.ToString() : null;
        return new ResponseFrames(body, channel, encoding);
    }

    /// <summary>The next message, or null at the end of the body.</summary>
    /// <exception cref="RpcException">The body does not hold whole frames of known encoding and allowed length.</exception>
    internal async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        if (!await FillAsync(GrpcProtocol.FrameHeaderSize, cancellationToken).ConfigureAwait(false))
        {
            // A read that fails or is cancelled may still write to the buffer: it goes back to the pool only from here.
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            start = end = 0;
            return null;
        }

        int length = Frames.ReadHeader(buffer.AsSpan(start), maxSize, out bool compressed);
        await FillAsync(GrpcProtocol.FrameHeaderSize + length, cancellationToken).ConfigureAwait(false);
        var payload = new ReadOnlySequence<byte>(buffer, start + GrpcProtocol.FrameHeaderSize, length);
        start += GrpcProtocol.FrameHeaderSize + length;
        return MessagePayload.Read(deserializer, compressed ? Decompress(payload) : payload);
    }

    private ReadOnlySequence<byte> Decompress(in ReadOnlySequence<byte> payload)
    {
        if (encoding is null or GrpcProtocol.Identity)
            throw new RpcException(NoEncoding);
        if (compression.Knows(encoding))
            return compression.Decompress(encoding, payload);
        string supported = compression.AcceptEncoding.Replace(",", ", ");
        throw new RpcException(
            new Status(StatusCode.Internal, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {supported}"));
    }

    /// <summary>Reads until this many bytes are there; false at the end of the body.</summary>
    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        MakeRoom(count);
        while (end - start < count)
        {
            int read = await body.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return start == end && count == GrpcProtocol.FrameHeaderSize ? false : throw new RpcException(Incomplete);
            end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        if (buffer.Length - start >= count)
            return;
        byte[] target = count <= buffer.Length ? buffer : ArrayPool<byte>.Shared.Rent(count);
        buffer.AsSpan(start, end - start).CopyTo(target);
        if (!ReferenceEquals(target, buffer))
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = target;
        end -= start;
        start = 0;
    }
}
