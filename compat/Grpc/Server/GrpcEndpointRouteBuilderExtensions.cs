using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Settlement.Compat.Grpc.Server;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps each method of a service to <c>POST /package.Service/Method</c>.</summary>
    /// <exception cref="InvalidOperationException">AddGrpc was not called, or the class is no gRPC service.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ServiceMapper mapper = builder.ServiceProvider.GetService<ServiceMapper>()
            ?? throw new InvalidOperationException(
                "Unable to find the required services: call IServiceCollection.AddGrpc when the application starts.");
        return new GrpcServiceEndpointConventionBuilder(mapper.Map<TService>(builder));
    }
}

/// <summary>Adds conventions, such as authorisation, to all endpoints of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> endpoints;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => this.endpoints = endpoints;

    /// <inheritdoc />
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in endpoints)
            endpoint.Add(convention);
    }

    /// <inheritdoc />
    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (IEndpointConventionBuilder endpoint in endpoints)
            endpoint.Finally(finallyConvention);
    }
}
