using Grpc.Core;
using Grpc.Net.Client;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Client;

/// <summary>One call of a client: sends the request, reads responses, and finds out how the call ended.</summary>
internal sealed class ClientCall<TRequest, TResponse> : IClientCall
    where TRequest : class
    where TResponse : class
{
    /// <summary>The longest a timer can wait; a later deadline is left to the server.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private static readonly Status Disposed = new(StatusCode.Cancelled, "gRPC call disposed.");
    private static readonly Status CancelledByClient = new(StatusCode.Cancelled, "Call canceled by the client.");
    private static readonly Status DeadlineExceeded = new(StatusCode.DeadlineExceeded, "");
    private static readonly Status NoMessage = new(StatusCode.Internal, "Failed to deserialize response message.");

    private readonly Method<TRequest, TResponse> method;
    private readonly string? host;
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration cancellation;
    private readonly Lock gate = new();
    private Task<HttpResponseMessage> response = null!;
    private ResponseFrames? frames;
    private Metadata? trailers;
    private Status? status;

    internal ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        Channel = channel;
        Options = options;
        this.method = method;
        this.host = host;
        Ended = source.Token;
        RequestEncoding = options.Headers?.GetValue(Metadata.CompressionRequestKey) is { } encoding && encoding != GrpcProtocol.Identity
            ? encoding
            : null;
        if (RequestEncoding is not null && !channel.Compression.Knows(RequestEncoding))
            throw new InvalidOperationException($"No compression provider for the request encoding '{RequestEncoding}'.");
        if (options.CancellationToken.CanBeCanceled)
            cancellation = options.CancellationToken.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).Cancel(), this);
    }

    internal GrpcChannel Channel { get; }

    internal CallOptions Options { get; }

    internal string? RequestEncoding { get; }

    /// <summary>Fires when the call has ended, however it did.</summary>
    internal CancellationToken Ended { get; }

    internal Action<TRequest, SerializationContext> Serializer => method.RequestMarshaller.ContextualSerializer;

    /// <summary>Ends the call with CANCELLED.</summary>
    internal void Cancel() => Finish(CancelledByClient, Metadata.Empty);

    public void Dispose() => Finish(Disposed, Metadata.Empty);

    public Status GetStatus() => status
        ?? throw new InvalidOperationException("Unable to get the status because the call is not complete.");

    public Metadata GetTrailers() =>
        trailers ?? throw new InvalidOperationException("Can't get the call trailers because the call has not completed.");

    public async Task<Metadata> GetHeadersAsync()
    {
        HttpResponseMessage message = await response.ConfigureAwait(false);
        return ResponseMetadata.Read(message.Headers);
    }

    /// <summary>Sends the only request.</summary>
    internal void StartWithMessage(TRequest request) => Start(() =>
    {
        WriteFlags flags = Options.WriteOptions?.Flags ?? default;
        return new MessageContent(RequestFrame.Serialize(this, request, flags));
    });

    /// <summary>Opens a stream of requests.</summary>
    internal ClientStreamWriter<TRequest, TResponse> StartWithStream()
    {
        var content = new StreamContent();
        Start(() => content);
        return new ClientStreamWriter<TRequest, TResponse>(this, content);
    }

    /// <summary>The only response, once the call has ended with OK.</summary>
    internal async Task<TResponse> ReadSingleAsync()
    {
        TResponse? message = await ReadNextAsync().ConfigureAwait(false);
        if (message is null)
            throw Fail(new RpcException(NoMessage, trailers!));
        if (await ReadNextAsync().ConfigureAwait(false) is not null)
            throw Fail(new RpcException(new Status(StatusCode.Internal, "More than one response message in a unary call.")));
        return message;
    }

    /// <summary>The next response, or null when the call has ended with OK.</summary>
    internal async ValueTask<TResponse?> ReadNextAsync()
    {
        try
        {
            HttpResponseMessage message = await response.ConfigureAwait(false);
            if (status is { } known)
                return known.StatusCode == StatusCode.OK ? null : throw new RpcException(known, trailers!);
            frames ??= await ResponseFrames.OpenAsync(message, Channel, Ended).ConfigureAwait(false);
            TResponse? next = await frames.ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Ended).ConfigureAwait(false);
            if (next is null)
                End(message);
            return next;
        }
        catch (Exception error)
        {
            throw Fail(error);
        }
    }

    /// <summary>The exception the user gets for this error, which ends the call unless it has ended.</summary>
    internal Exception Fail(Exception error)
    {
        Status final = Finish(StatusOf(error), (error as RpcException)?.Trailers ?? Metadata.Empty);
        if (final.StatusCode == StatusCode.Cancelled && Channel.Options.ThrowOperationCanceledOnCancellation)
            return new OperationCanceledException(final.Detail, error, Options.CancellationToken);
        return error is RpcException raised && raised.Status.Equals(final) ? raised : new RpcException(final, trailers!);
    }

    /// <summary>Throws if the call has ended: nothing more can be written.</summary>
    internal void ThrowIfEnded()
    {
        if (status is { } ended)
        {
            throw ended.StatusCode == StatusCode.OK
                ? new InvalidOperationException("Can't write the message because the call is complete.")
                : Fail(new RpcException(ended, trailers!));
        }
    }

    private void Start(Func<HttpContent> content)
    {
        response = SendAsync(content);
        // A call that is only disposed leaves nobody to see its failure.
        _ = response.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpContent> content)
    {
        try
        {
            HttpRequestMessage request = RequestMessage.Create(Channel, method, host, Options, RequestEncoding);
            StartDeadline(request);
            request.Content = content();
            HttpResponseMessage message = await Channel.SendAsync(request, Ended).ConfigureAwait(false);
            if (status is not null)
                message.Dispose();
            Ended.ThrowIfCancellationRequested();
            ResponseMetadata.Check(message);
            return message;
        }
        catch (Exception error)
        {
            throw Fail(error);
        }
    }

    private void StartDeadline(HttpRequestMessage request)
    {
        if (Options.Deadline is not { } deadline || deadline == DateTime.MaxValue)
            return;
        TimeSpan left = deadline.ToUniversalTime() - DateTime.UtcNow;
        if (left <= TimeSpan.Zero)
            throw new RpcException(DeadlineExceeded);
        request.Headers.TryAddWithoutValidation(GrpcProtocol.Timeout, TimeoutText.Format(left));
        if (left > LongestTimer)
            return;
        Ended.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).Finish(DeadlineExceeded, Metadata.Empty), this);
        source.CancelAfter(left);
    }

    private void End(HttpResponseMessage message)
    {
        Metadata received = ResponseMetadata.ReadTrailers(message);
        Status final = Finish(ResponseMetadata.ReadStatus(message), received);
        if (final.StatusCode != StatusCode.OK)
            throw new RpcException(final, trailers!);
    }

    private Status Finish(Status outcome, Metadata received)
    {
        lock (gate)
        {
            if (status is { } earlier)
                return earlier;
            trailers = received;
            status = outcome;
        }

        cancellation.Dispose();
        // Whatever still runs, such as a request stream nobody reads any more, ends with the call.
        source.Cancel();
        source.Dispose();
        if (response is { IsCompletedSuccessfully: true })
            response.Result.Dispose();
        return outcome;
    }

    private Status StatusOf(Exception error)
    {
        if (error is RpcException raised)
            return raised.Status;
        // A server that gives up at the same deadline may reset the stream before our timer fires.
        if (Options.Deadline is { } deadline && deadline.ToUniversalTime() <= DateTime.UtcNow)
            return DeadlineExceeded;
        return TransportError.StatusOf(error);
    }
}
