using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>Makes endpoints of services, and answers UNIMPLEMENTED for what no service offers.</summary>
internal sealed class ServiceMapper(
    IServiceProvider root, ServiceRegistrations registrations, IOptions<GrpcServiceOptions> serverOptions, ILoggerFactory logging)
{
    private readonly ILogger log = logging.CreateLogger(ServerLog.Category);
    private readonly HashSet<string> mapped = new(StringComparer.Ordinal);

    internal IReadOnlyList<IEndpointConventionBuilder> Map<TService>(IEndpointRouteBuilder routes)
        where TService : class
    {
        var options = new MethodOptions(serverOptions.Value, root.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value);
        var services = new InstanceSource<TService>(typeof(TService), [], root, registrations);
        InstanceSource<Interceptor>[] interceptors =
            [.. options.Interceptors.Select(one => new InstanceSource<Interceptor>(one.Type, [.. one.Arguments], root, registrations))];
        var binder = new ServiceBinder<TService>(services, interceptors, options, log);

        var endpoints = new List<IEndpointConventionBuilder>();
        bool answersUnknown = serverOptions.Value.IgnoreUnknownServices != true;
        if (answersUnknown && mapped.Count == 0)
            endpoints.Add(MapUnimplemented(routes, "{unimplementedService}", "Service is unimplemented."));
        foreach (BoundMethod bound in binder.Bind())
        {
            endpoints.Add(MapMethod<TService>(routes, bound));
            if (answersUnknown && mapped.Add(bound.Method.ServiceName))
                endpoints.Add(MapUnimplemented(routes, bound.Method.ServiceName, "Method is unimplemented."));
        }

        return endpoints;
    }

    private static IEndpointConventionBuilder MapMethod<TService>(IEndpointRouteBuilder routes, BoundMethod bound)
    {
        IEndpointConventionBuilder endpoint = routes.Map(RoutePatternFactory.Parse(bound.Method.FullName), bound.Handler);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {bound.Method.FullName}";
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), bound.Method));
            builder.Metadata.Add(new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true));
        });
        return endpoint;
    }

    private IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder routes, string service, string text)
    {
        var status = new Status(StatusCode.Unimplemented, text);
        IEndpointConventionBuilder endpoint = routes.Map(
            $"{service}/{{unimplementedMethod:{GrpcRequestConstraint.Name}}}",
            http =>
            {
                ServerLog.Unimplemented(log, http.Request.Path.Value);
                http.Response.ContentType = GrpcProtocol.ContentType;
                TrailerStatus.Write(http.Response.Headers, status);
                return Task.CompletedTask;
            });
        endpoint.Add(builder => builder.DisplayName = $"gRPC - Unimplemented {service}");
        return endpoint;
    }
}

/// <summary>Limits a route to gRPC requests, so that it takes nothing from the other pages of the application.</summary>
internal sealed class GrpcRequestConstraint : IRouteConstraint
{
    internal const string Name = "grpcrequest";

    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null
        && HttpMethods.IsPost(httpContext.Request.Method)
        && GrpcProtocol.IsGrpcContentType(httpContext.Request.ContentType);
}
