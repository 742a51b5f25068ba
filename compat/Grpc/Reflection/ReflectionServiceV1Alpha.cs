using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace Settlement.Compat.Grpc.Reflection;

/// <summary><c>grpc.reflection.v1alpha</c>: byte for byte the same messages as v1, under the name that older clients ask for.</summary>
internal sealed class ReflectionServiceV1Alpha(ReflectionAnswers answers) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync())
        {
            var asked = global::Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString());
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(answers.Answer(asked).ToByteString()));
        }
    }
}
