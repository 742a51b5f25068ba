using Grpc.Core;

namespace Settlement.Compat.Grpc.Client;

/// <summary>The responses of a call.</summary>
internal sealed class ClientStreamReader<TRequest, TResponse>(ClientCall<TRequest, TResponse> call) : IAsyncStreamReader<TResponse>
    where TRequest : class
    where TResponse : class
{
    private TResponse? current;

    public TResponse Current => current
        ?? throw new InvalidOperationException("No current element: call MoveNext first, and stop when it returns false.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        // HTTP cannot take a half-read message back: cancelling the read cancels the call.
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), call);
        current = null;
        current = await call.ReadNextAsync().ConfigureAwait(false);
        return current is not null;
    }
}

/// <summary>The requests of a call.</summary>
internal sealed class ClientStreamWriter<TRequest,
    TResponse>(ClientCall<TRequest, TResponse> call, StreamContent content) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private bool completed;

    public WriteOptions? WriteOptions { get; set; }

    public Task CompleteAsync()
    {
        completed = true;
        content.Complete();
        return Task.CompletedTask;
    }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (completed)
            throw new InvalidOperationException("Can't write the message because the client stream writer is complete.");
        call.ThrowIfEnded();
        WriteFlags flags = (WriteOptions ?? call.Options.WriteOptions)?.Flags ?? default;
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Cancel(), call);
        try
        {
            ReadOnlyMemory<byte> frame = RequestFrame.Serialize(call, message, flags);
            Stream stream = await content.Opened.WaitAsync(call.Ended).ConfigureAwait(false);
            await stream.WriteAsync(frame, call.Ended).ConfigureAwait(false);
            if (!flags.HasFlag(WriteFlags.BufferHint))
                await stream.FlushAsync(call.Ended).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            throw call.Fail(error);
        }
    }
}
