using System.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Settlement.Compat.Grpc.Server;

/// <summary>One method ready to be mapped to an endpoint.</summary>
internal readonly record struct BoundMethod(IMethod Method, RequestDelegate Handler);

/// <summary>
/// Joins the methods that generated code announces with the methods of the service class and the interceptors before them.
/// </summary>
/// <typeparam name="TService">The service class.</typeparam>
internal sealed class ServiceBinder<TService>(
    InstanceSource<TService> services, IReadOnlyList<InstanceSource<Interceptor>> interceptors, MethodOptions options, ILogger log)
        : ServiceBinderBase
    where TService : class
{
    private readonly List<BoundMethod> methods = [];

    /// <summary>Binds all methods of the service.</summary>
    /// <exception cref="InvalidOperationException">The class does not derive from a generated service base.</exception>
    internal IReadOnlyList<BoundMethod> Bind()
    {
        BindServiceMethodAttribute attribute = BindAttribute.Find(typeof(TService))
            ?? throw new InvalidOperationException(
                $"Cannot map {typeof(TService)}: it does not derive from a generated gRPC service base class.");
        MethodInfo bind = attribute.BindType
            .GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Single(method => method.Name == attribute.BindMethodName && method.GetParameters() is [{ ParameterType: var first }, _]
                && first == typeof(ServiceBinderBase));
        bind.Invoke(null, [this, null]);
        return methods;
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>(method, typeof(TRequest), typeof(ServerCallContext));
        UnaryServerMethod<TRequest, TResponse> call = (request, context) => services.TryGet(context, out TService service)
            ? open(service, request, context)
            : services.CallAsync(context, owned => open(owned, request, context));
        foreach (InstanceSource<Interceptor> interceptor in interceptors.Reverse())
        {
            UnaryServerMethod<TRequest, TResponse> next = call;
            call = (request, context) => interceptor.CallAsync(context, outer => outer.UnaryServerHandler(request, context, next));
        }

        Add(method, new UnaryHandler<TRequest, TResponse>(method, call, options, log));
    }

    public override void AddMethod<TRequest,
        TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        ClientStreamingServerMethod<TRequest, TResponse> call = (requests, context) =>
            services.CallAsync(context, service => open(service, requests, context));
        foreach (InstanceSource<Interceptor> interceptor in interceptors.Reverse())
        {
            ClientStreamingServerMethod<TRequest, TResponse> next = call;
            call = (requests, context) =>
                interceptor.CallAsync(context, outer => outer.ClientStreamingServerHandler(requests, context, next));
        }

        Add(method, new ClientStreamingHandler<TRequest, TResponse>(method, call, options, log));
    }

    public override void AddMethod<TRequest,
        TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        ServerStreamingServerMethod<TRequest, TResponse> call = (request, responses, context) =>
            services.CallAsync(context, service => open(service, request, responses, context));
        foreach (InstanceSource<Interceptor> interceptor in interceptors.Reverse())
        {
            ServerStreamingServerMethod<TRequest, TResponse> next = call;
            call = (request, responses, context) =>
                interceptor.CallAsync(context, outer => outer.ServerStreamingServerHandler(request, responses, context, next));
        }

        Add(method, new ServerStreamingHandler<TRequest, TResponse>(method, call, options, log));
    }

    public override void AddMethod<TRequest,
        TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var open = Open<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        DuplexStreamingServerMethod<TRequest, TResponse> call = (requests, responses, context) =>
            services.CallAsync(context, service => open(service, requests, responses, context));
        foreach (InstanceSource<Interceptor> interceptor in interceptors.Reverse())
        {
            DuplexStreamingServerMethod<TRequest, TResponse> next = call;
            call = (requests, responses, context) =>
                interceptor.CallAsync(context, outer => outer.DuplexStreamingServerHandler(requests, responses, context, next));
        }

        Add(method, new DuplexStreamingHandler<TRequest, TResponse>(method, call, options, log));
    }

    private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, CallHandler<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class => methods.Add(new BoundMethod(method, handler.HandleAsync));

    /// <summary>A delegate that takes the service as its first argument; overriding methods are found by virtual dispatch.</summary>
    private static TDelegate Open<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        MethodInfo target = typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException(
                $"{typeof(TService)} has no method '{method.Name}' with the parameters of {method.FullName}.");
        return target.CreateDelegate<TDelegate>();
    }
}
