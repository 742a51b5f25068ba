using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Settlement.Compat.Grpc.Server;

namespace Settlement.Compat.Grpc.Reflection;

/// <summary>The descriptors of all services that the application has mapped; complete once it has started.</summary>
internal sealed class MappedServices(EndpointDataSource endpoints, ILoggerFactory logging)
{
    internal IReadOnlyCollection<ServiceDescriptor> Find()
    {
        ILogger log = logging.CreateLogger(ServerLog.Category);
        var descriptors = new List<ServiceDescriptor>();
        foreach (Type service in endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>().Distinct())
        {
            if (DescriptorOf(service) is { } descriptor)
                descriptors.Add(descriptor);
            else
                ServerLog.DescriptorNotFound(log, service);
        }

        return descriptors;
    }

    private static ServiceDescriptor? DescriptorOf(Type service) =>
        BindAttribute.Find(service)?.BindType.GetProperty("Descriptor", BindingFlags.Public
            | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
}
