using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Serves one method: from the HTTP request to the trailers.</summary>
internal abstract class CallHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodOptions options, ILogger log)
    where TRequest : class
    where TResponse : class
{
    private static readonly Status NoResponse = new(StatusCode.Cancelled, "No message returned from method.");

    /// <summary>Reads requests.</summary>
    protected Func<DeserializationContext, TRequest> Deserializer { get; } = method.RequestMarshaller.ContextualDeserializer;

    /// <summary>Writes responses.</summary>
    protected Action<TResponse, SerializationContext> Serializer { get; } = method.ResponseMarshaller.ContextualSerializer;

    /// <summary>The request delegate of the endpoint.</summary>
    internal Task HandleAsync(HttpContext http) =>
        ProtocolCheck.Accepts(http, log) ? RunAsync(new HttpServerCall(http, options, log)) : Task.CompletedTask;

    /// <summary>Reads, calls the handler, and writes.</summary>
    protected abstract ValueTask InvokeAsync(HttpServerCall call);

    /// <summary>Writes the only response; it leaves together with the trailers.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected async ValueTask WriteSingleAsync(HttpServerCall call, TResponse? response)
    {
        if (response is null)
            throw new RpcException(NoResponse);
        // Kestrel hands out its buffers once the response has started; starting sends nothing yet.
        if (!call.Http.Response.HasStarted)
            await call.Http.Response.StartAsync();
        ResponseWriter.Write(call, Serializer, response, call.WriteOptions?.Flags ?? default);
    }

    /// <summary>A stream of requests may be slow and long: Kestrel's limits for bodies do not apply.</summary>
    protected static void LiftBodyLimits(HttpServerCall call)
    {
        IFeatureCollection features = call.Http.Features;
        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
    }

    private async Task RunAsync(HttpServerCall call)
    {
        try
        {
            call.Start();
            await InvokeAsync(call);
        }
        catch (Exception error)
        {
            await call.FailAsync(error);
            return;
        }

        await call.EndAsync();
    }
}

internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler, MethodOptions options, ILogger log)
    : CallHandler<TRequest, TResponse>(method, options, log)
    where TRequest : class
    where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask InvokeAsync(HttpServerCall call)
    {
        TRequest request = await RequestReader.ReadSingleAsync(call, Deserializer);
        TResponse? response = await handler(request, call);
        await WriteSingleAsync(call, response);
    }
}

internal sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler, MethodOptions options, ILogger log)
    : CallHandler<TRequest, TResponse>(method, options, log)
    where TRequest : class
    where TResponse : class
{
    protected override async ValueTask InvokeAsync(HttpServerCall call)
    {
        LiftBodyLimits(call);
        TResponse? response = await handler(new RequestStream<TRequest>(call, Deserializer), call);
        await WriteSingleAsync(call, response);
    }
}

internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler, MethodOptions options, ILogger log)
    : CallHandler<TRequest, TResponse>(method, options, log)
    where TRequest : class
    where TResponse : class
{
    protected override async ValueTask InvokeAsync(HttpServerCall call)
    {
        TRequest request = await RequestReader.ReadSingleAsync(call, Deserializer);
        await handler(request, new ResponseStream<TResponse>(call, Serializer), call);
    }
}

internal sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler, MethodOptions options, ILogger log)
    : CallHandler<TRequest, TResponse>(method, options, log)
    where TRequest : class
    where TResponse : class
{
    protected override async ValueTask InvokeAsync(HttpServerCall call)
    {
        LiftBodyLimits(call);
        await handler(new RequestStream<TRequest>(call, Deserializer), new ResponseStream<TResponse>(call, Serializer), call);
    }
}
