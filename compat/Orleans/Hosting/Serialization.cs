using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Serialization;

/// <summary>Configures serialization. In one process nothing is serialized.</summary>
public interface ISerializerBuilder
{
    /// <summary>The services of the host.</summary>
    IServiceCollection Services { get; }
}

/// <summary>Adds serialization.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Runs the configuration and registers nothing: in one process nothing is serialized.</summary>
    public static IServiceCollection AddSerializer(this IServiceCollection services, Action<ISerializerBuilder>? configure = null)
    {
        configure?.Invoke(new SerializerBuilder(services));
        return services;
    }

    private sealed class SerializerBuilder(IServiceCollection services) : ISerializerBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}

/// <summary>Adds protobuf messages to serialization.</summary>
public static class SerializationHostingExtensions
{
    /// <summary>Registers nothing: in one process nothing is serialized.</summary>
    public static ISerializerBuilder AddProtobufSerializer(this ISerializerBuilder serializerBuilder) => serializerBuilder;
}
