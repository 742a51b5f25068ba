using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Settlement.Compat.Grpc.Server;

/// <summary>The requests of a stream.</summary>
internal sealed class RequestStream<T>(HttpServerCall call, Func<DeserializationContext, T> deserializer) : IAsyncStreamReader<T>
    where T : class
{
    private T? current;

    public T Current =>
        current ?? throw new InvalidOperationException("No current element: call MoveNext first, and stop when it returns false.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        current = await RequestReader.ReadNextAsync(call, deserializer, cancellationToken);
        return current is not null;
    }
}

/// <summary>The responses of a stream.</summary>
internal sealed class ResponseStream<T>(HttpServerCall call, Action<T, SerializationContext> serializer) : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        call.CancellationToken.ThrowIfCancellationRequested();
        WriteFlags flags = (WriteOptions ?? call.WriteOptions)?.Flags ?? default;
        return call.Http.Response.HasStarted
            ? WriteStartedAsync(message, flags, cancellationToken)
            : StartAndWriteAsync(message, flags, cancellationToken);
    }

    private async Task StartAndWriteAsync(T message, WriteFlags flags, CancellationToken cancellationToken)
    {
        await call.Http.Response.StartAsync(cancellationToken);
        await WriteStartedAsync(message, flags, cancellationToken);
    }

    private async Task WriteStartedAsync(T message, WriteFlags flags, CancellationToken cancellationToken)
    {
        ResponseWriter.Write(call, serializer, message, flags);
        if (flags.HasFlag(WriteFlags.BufferHint))
            return;
        // The flush ends when flow control has room: this is what slows a handler down to its client.
        FlushResult flushed = await call.Http.Response.BodyWriter.FlushAsync(cancellationToken.CanBeCanceled
            ? cancellationToken
            : call.CancellationToken);
        call.CancellationToken.ThrowIfCancellationRequested();
        if (flushed.IsCanceled)
            throw new OperationCanceledException("The write was cancelled.");
    }
}

/// <summary>Writes messages so that they never cross with the end of the call at its deadline.</summary>
internal static class ResponseWriter
{
    internal static void Write<T>(HttpServerCall call, Action<T, SerializationContext> serializer, T message, WriteFlags flags)
    {
        if (call.CallDeadline is not { } deadline)
        {
            ResponseFrame.Write(call, serializer, message, flags);
            return;
        }

        lock (deadline.WriteLock)
        {
            if (deadline.HasPassed)
                throw new OperationCanceledException("The deadline has passed.", deadline.Token);
            ResponseFrame.Write(call, serializer, message, flags);
        }
    }
}
