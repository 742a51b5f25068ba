using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Takes messages off the request body, deserialising them where they lie.</summary>
internal static class RequestReader
{
    private static readonly Status Cancelled = new(StatusCode.Internal, "Incoming message cancelled.");
    private static readonly Status Additional = new(StatusCode.Internal, "Additional data after the message received.");
    private static readonly Status Incomplete = new(StatusCode.Internal, "Incomplete message.");
    private static readonly Status NoEncoding = new(
        StatusCode.Internal, "Request did not include grpc-encoding value with compressed message.");
    private static readonly Status IdentityEncoding = new(
        StatusCode.Internal, "Request sent 'identity' grpc-encoding value with compressed message.");

    /// <summary>The one message of a request, read to the end of the body so that the stream closes cleanly.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T> ReadSingleAsync<T>(HttpServerCall call, Func<DeserializationContext, T> deserializer)
        where T : class
    {
        PipeReader body = call.Http.Request.BodyReader;
        T? message = null;
        while (true)
        {
            ReadResult result = await body.ReadAsync();
            if (result.IsCanceled)
                throw new RpcException(Cancelled);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (message is null)
                message = Take(call, ref buffer, deserializer);
            if (message is not null && !buffer.IsEmpty)
                throw new RpcException(Additional);
            bool ended = result.IsCompleted;
            body.AdvanceTo(buffer.Start, buffer.End);
            if (ended)
                return message ?? throw new RpcException(Incomplete);
        }
    }

    /// <summary>The next message of a request stream, or null at its end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<T?> ReadNextAsync<T>(
        HttpServerCall call, Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        PipeReader body = call.Http.Request.BodyReader;
        while (true)
        {
            ReadResult result = await body.ReadAsync(cancellationToken);
            if (result.IsCanceled)
                throw new RpcException(Cancelled);
            ReadOnlySequence<byte> buffer = result.Buffer;
            T? message = Take(call, ref buffer, deserializer);
            bool ended = result.IsCompleted;
            bool empty = buffer.IsEmpty;
            // With a message in hand the rest is not yet examined: the next read finds it at once.
            body.AdvanceTo(buffer.Start, message is null ? buffer.End : buffer.Start);
            if (message is not null)
                return message;
            if (ended)
                return empty ? null : throw new RpcException(Incomplete);
        }
    }

    private static T? Take<T>(HttpServerCall call, ref ReadOnlySequence<byte> buffer, Func<DeserializationContext, T> deserializer)
        where T : class
    {
        if (!Frames.TryTake(ref buffer, call.Options.MaxReceiveMessageSize, out bool compressed, out ReadOnlySequence<byte> payload))
            return null;
        if (compressed)
            payload = call.Options.Compression.Decompress(RequestEncoding(call), payload);
        return MessagePayload.Read(deserializer, payload);
    }

    private static string RequestEncoding(HttpServerCall call)
    {
        if (!call.Http.Request.Headers.TryGetValue(GrpcProtocol.Encoding, out var values))
            throw new RpcException(NoEncoding);
        string encoding = values.ToString();
        if (encoding == GrpcProtocol.Identity)
            throw new RpcException(IdentityEncoding);
        MessageCompression compression = call.Options.Compression;
        if (compression.Knows(encoding))
            return encoding;
        if (!call.Http.Response.HasStarted)
            call.Http.Response.Headers[GrpcProtocol.AcceptEncoding] = compression.AcceptEncoding;
        string text = $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {compression.AcceptEncoding.Replace(",", ", ")}";
        throw new RpcException(new Status(StatusCode.Unimplemented, text));
    }
}
