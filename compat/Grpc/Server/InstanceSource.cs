using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Settlement.Compat.Grpc.Server;

/// <summary>The registrations of the application, to tell singletons from what lives for one call.</summary>
internal sealed class ServiceRegistrations(IServiceCollection services)
{
    internal ServiceLifetime? LifetimeOf(Type type) =>
        services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == type)?.Lifetime;
}

/// <summary>
/// Gives each call its service or interceptor. A singleton is resolved once and costs a call nothing, not even the scope that other
/// lifetimes need; a type the container does not know is created for the call and disposed after it.
/// </summary>
/// <typeparam name="T">What calls are made on.</typeparam>
internal sealed class InstanceSource<T>
    where T : class
{
    private readonly Func<HttpContext, T> create;
    private readonly bool disposes;

    internal InstanceSource(Type implementation, object[] arguments, IServiceProvider root, ServiceRegistrations registrations)
    {
        switch (registrations.LifetimeOf(implementation))
        {
            case ServiceLifetime.Singleton:
                T? shared = null;
                create = _ => shared ??= (T)root.GetRequiredService(implementation);
                break;
            case not null:
                create = http => (T)http.RequestServices.GetRequiredService(implementation);
                break;
            default:
                ObjectFactory factory = ActivatorUtilities.CreateFactory(implementation, Type.GetTypeArray(arguments));
                create = http => (T)factory(http.RequestServices, arguments);
                disposes = implementation.IsAssignableTo(typeof(IDisposable)) || implementation.IsAssignableTo(typeof(IAsyncDisposable));
                break;
        }
    }

    internal Task<TResult> CallAsync<TResult>(ServerCallContext context, Func<T, Task<TResult>> call)
    {
        T instance = create(context.GetHttpContext());
        return disposes ? CallAndDisposeAsync(instance, call) : call(instance);
    }

    internal Task CallAsync(ServerCallContext context, Func<T, Task> call)
    {
        T instance = create(context.GetHttpContext());
        return disposes ? CallAndDisposeAsync(instance, call) : call(instance);
    }

    /// <summary>The instance for this call, if it needs no disposal: saves the hot path a closure.</summary>
    internal bool TryGet(ServerCallContext context, out T instance)
    {
        instance = disposes ? null! : create(context.GetHttpContext());
        return !disposes;
    }

    private static async Task<TResult> CallAndDisposeAsync<TResult>(T instance, Func<T, Task<TResult>> call)
    {
        try
        {
            return await call(instance);
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static async Task CallAndDisposeAsync(T instance, Func<T, Task> call)
    {
        try
        {
            await call(instance);
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private static ValueTask DisposeAsync(T instance)
    {
        if (instance is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        ((IDisposable)instance).Dispose();
        return ValueTask.CompletedTask;
    }
}
