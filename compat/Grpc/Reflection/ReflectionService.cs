using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection;
using Grpc.Reflection.V1;

namespace Settlement.Compat.Grpc.Reflection;

/// <summary>What the server offers, as answers of the reflection protocol.</summary>
internal sealed class ReflectionAnswers
{
    private readonly string[] services;
    private readonly SymbolRegistry symbols;

    public ReflectionAnswers(MappedServices mapped)
    {
        IReadOnlyCollection<ServiceDescriptor> descriptors = mapped.Find();
        services = [.. descriptors.Select(service => service.FullName).Distinct().Order(StringComparer.Ordinal)];
        symbols = SymbolRegistry.FromFiles(descriptors.Select(service => service.File));
    }

    internal ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        ServerReflectionResponse response = request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
                File(symbols.FileByName(request.FileByFilename), "File not found."),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
                File(symbols.FileContainingSymbol(request.FileContainingSymbol), "Symbol not found."),
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => List(),
            _ => Error(StatusCode.Unimplemented, "Request type not supported by C# reflection service."),
        };
        response.ValidHost = request.Host;
        response.OriginalRequest = request;
        return response;
    }

    private static ServerReflectionResponse File(FileDescriptor? file, string notFound)
    {
        if (file is null)
            return Error(StatusCode.NotFound, notFound);
        var answer = new FileDescriptorResponse();
        var sent = new HashSet<string>(StringComparer.Ordinal);
        AddWithImports(file, answer, sent);
        return new ServerReflectionResponse { FileDescriptorResponse = answer };
    }

    private static void AddWithImports(FileDescriptor file, FileDescriptorResponse answer, HashSet<string> sent)
    {
        if (!sent.Add(file.Name))
            return;
        foreach (FileDescriptor dependency in file.Dependencies)
            AddWithImports(dependency, answer, sent);
        answer.FileDescriptorProto.Add(file.SerializedData);
    }

    private static ServerReflectionResponse Error(StatusCode code, string text) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = text } };

    private ServerReflectionResponse List()
    {
        var answer = new ListServiceResponse();
        answer.Service.AddRange(services.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = answer };
    }
}

/// <summary><c>grpc.reflection.v1</c>.</summary>
internal sealed class ReflectionServiceV1(ReflectionAnswers answers) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(answers.Answer(request));
    }
}
