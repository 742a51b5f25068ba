using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Settlement.Compat.Grpc.Reflection;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds server reflection.</summary>
    public static class GrpcReflectionServiceExtensions
    {
        /// <summary>Adds what <c>MapGrpcReflectionService</c> needs.</summary>
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.TryAddSingleton<MappedServices>();
            services.TryAddSingleton<ReflectionAnswers>();
            services.TryAddSingleton<ReflectionServiceV1>();
            services.TryAddSingleton<ReflectionServiceV1Alpha>();
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps server reflection.</summary>
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>Maps <c>grpc.reflection.v1</c> and <c>grpc.reflection.v1alpha</c>.</summary>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder) =>
            new BothVersions(builder.MapGrpcService<ReflectionServiceV1Alpha>(), builder.MapGrpcService<ReflectionServiceV1>());

        private sealed class BothVersions(params IEndpointConventionBuilder[] versions) : IEndpointConventionBuilder
        {
            public void Add(Action<EndpointBuilder> convention)
            {
                foreach (IEndpointConventionBuilder version in versions)
                    version.Add(convention);
            }

            public void Finally(Action<EndpointBuilder> finallyConvention)
            {
                foreach (IEndpointConventionBuilder version in versions)
                    version.Finally(finallyConvention);
            }
        }
    }
}
