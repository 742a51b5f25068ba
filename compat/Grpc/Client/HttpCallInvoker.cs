using Grpc.Core;
using Grpc.Net.Client;

namespace Settlement.Compat.Grpc.Client;

/// <summary>Starts calls over HTTP/2.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using AsyncUnaryCall<TResponse> call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithMessage(request);
        return new AsyncUnaryCall<TResponse>(
            call.ReadSingleAsync(), CallFunctions.Headers, CallFunctions.Status, CallFunctions.Trailers, CallFunctions.Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        call.StartWithMessage(request);
        return new AsyncServerStreamingCall<TResponse>(
            new ClientStreamReader<TRequest, TResponse>(call),
            CallFunctions.Headers, CallFunctions.Status, CallFunctions.Trailers, CallFunctions.Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        ClientStreamWriter<TRequest, TResponse> writer = call.StartWithStream();
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            writer, call.ReadSingleAsync(), CallFunctions.Headers, CallFunctions.Status, CallFunctions.Trailers, CallFunctions.Dispose,
            call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new ClientCall<TRequest, TResponse>(channel, method, host, options);
        ClientStreamWriter<TRequest, TResponse> writer = call.StartWithStream();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            writer, new ClientStreamReader<TRequest, TResponse>(call),
            CallFunctions.Headers, CallFunctions.Status, CallFunctions.Trailers, CallFunctions.Dispose, call);
    }
}

/// <summary>What the call objects given to the user ask of a call, without its message types.</summary>
internal interface IClientCall : IDisposable
{
    Task<Metadata> GetHeadersAsync();

    Status GetStatus();

    Metadata GetTrailers();
}

/// <summary>One delegate each for all calls.</summary>
internal static class CallFunctions
{
    internal static readonly Func<object, Task<Metadata>> Headers = static call => ((IClientCall)call).GetHeadersAsync();
    internal static readonly Func<object, Status> Status = static call => ((IClientCall)call).GetStatus();
    internal static readonly Func<object, Metadata> Trailers = static call => ((IClientCall)call).GetTrailers();
    internal static readonly Action<object> Dispose = static call => ((IClientCall)call).Dispose();
}
