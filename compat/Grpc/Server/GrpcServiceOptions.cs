using System.Collections.ObjectModel;
using System.IO.Compression;
using Grpc.Core.Interceptors;
using Grpc.Net.Compression;
using Settlement.Compat.Grpc.Common;

namespace Grpc.AspNetCore.Server;

/// <summary>How services are served.</summary>
public class GrpcServiceOptions
{
    private int? maxReceiveMessageSize = GrpcProtocol.DefaultMaxReceiveMessageSize;
    private int? maxSendMessageSize;

    /// <summary>Longest request in bytes as it comes, compressed or not; 4 MiB by default, null for no limit.</summary>
    public int? MaxReceiveMessageSize
    {
        get => maxReceiveMessageSize;
        set
        {
            maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary>Longest response in bytes, before compression; no limit by default.</summary>
    public int? MaxSendMessageSize
    {
        get => maxSendMessageSize;
        set
        {
            maxSendMessageSize = value;
            MaxSendMessageSizeSpecified = true;
        }
    }

    /// <summary>Whether the text of a handler's exception goes to the client; it may hold secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of responses for clients that accept it, such as <c>gzip</c>.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard responses are compressed.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>
    /// Whether calls to unknown services and methods are left to the rest of the application, in place of the answer UNIMPLEMENTED.
    /// </summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>The encodings; the first of a name counts. <c>gzip</c> and <c>deflate</c> are there already.</summary>
    public IList<ICompressionProvider> CompressionProviders { get; set; } = [.. MessageCompression.Defaults];

    /// <summary>Interceptors, the outermost first.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool MaxReceiveMessageSizeSpecified { get; private set; }

    internal bool MaxSendMessageSizeSpecified { get; private set; }
}

/// <summary>How one service is served, where that differs from the others.</summary>
/// <typeparam name="TService">The service.</typeparam>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class
{
    /// <summary>The service's own encodings are none: those of the server count.</summary>
    public GrpcServiceOptions() => CompressionProviders = [];
}

/// <summary>An interceptor type with the constructor arguments that do not come from the container.</summary>
public class InterceptorRegistration
{
    internal InterceptorRegistration(Type type, object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.IsSubclassOf(typeof(Interceptor)))
            throw new ArgumentException($"{type.FullName} must inherit from {typeof(Interceptor).FullName}.", nameof(type));
        Type = type;
        Arguments = arguments;
    }

    /// <summary>The interceptor.</summary>
    public Type Type { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<object> Arguments { get; }
}

/// <summary>Interceptors in order.</summary>
public class InterceptorCollection : Collection<InterceptorRegistration>
{
    /// <summary>Adds an interceptor; one instance a call, unless the container has it with another lifetime.</summary>
    public void Add<TInterceptor>(params object[] args)
        where TInterceptor : Interceptor => Add(typeof(TInterceptor), args);

    /// <inheritdoc cref="Add{TInterceptor}" />
    public void Add(Type interceptorType, params object[] args) => Add(new InterceptorRegistration(interceptorType, args));
}
