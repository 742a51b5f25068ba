using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Settlement.Compat.Grpc.Common;

namespace Settlement.Compat.Grpc.Server;

/// <summary>The options of one service, merged once at start-up: what the service says, else what the server says.</summary>
internal sealed class MethodOptions
{
    internal MethodOptions(GrpcServiceOptions server, GrpcServiceOptions service)
    {
        MaxReceiveMessageSize = (service.MaxReceiveMessageSizeSpecified ? service : server).MaxReceiveMessageSize;
        MaxSendMessageSize = (service.MaxSendMessageSizeSpecified ? service : server).MaxSendMessageSize;
        EnableDetailedErrors = service.EnableDetailedErrors ?? server.EnableDetailedErrors ?? false;
        ResponseEncoding = service.ResponseCompressionAlgorithm ?? server.ResponseCompressionAlgorithm;
        ResponseCompressionLevel = service.ResponseCompressionLevel ?? server.ResponseCompressionLevel;
        Compression = new MessageCompression(service.CompressionProviders.Concat(server.CompressionProviders));
        Interceptors = [.. server.Interceptors, .. service.Interceptors];
        if (ResponseEncoding == GrpcProtocol.Identity)
            ResponseEncoding = null;
        if (ResponseEncoding is not null && !Compression.Knows(ResponseEncoding))
            throw new InvalidOperationException($"ResponseCompressionAlgorithm '{ResponseEncoding}' has no compression provider.");
    }

    internal int? MaxReceiveMessageSize { get; }

    internal int? MaxSendMessageSize { get; }

    internal bool EnableDetailedErrors { get; }

    internal string? ResponseEncoding { get; }

    internal CompressionLevel? ResponseCompressionLevel { get; }

    internal MessageCompression Compression { get; }

    internal IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
