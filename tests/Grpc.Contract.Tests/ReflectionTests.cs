using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>Tools can ask the server what it offers, by either name of the protocol.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public async Task Services_are_listed()
    {
        V1.ServerReflectionResponse answer = await AskAsync(new V1.ServerReflectionRequest { ListServices = "*" });

        IEnumerable<string> names = answer.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Contains("settlement.contract.v1.Probe", names);
    }

    [Theory]
    [InlineData("settlement.contract.v1.Probe")]
    [InlineData("settlement.contract.v1.Probe.Echo")]
    [InlineData("settlement.contract.v1.Failure")]
    public async Task The_file_of_a_symbol_is_given(string symbol)
    {
        V1.ServerReflectionResponse answer = await AskAsync(new V1.ServerReflectionRequest { FileContainingSymbol = symbol });

        ByteString file = Assert.Single(answer.FileDescriptorResponse.FileDescriptorProto);
        Assert.Equal("settlement.contract.v1", FileDescriptorProto.Parser.ParseFrom(file).Package);
    }

    [Fact]
    public async Task A_file_is_given_by_its_name()
    {
        V1.ServerReflectionResponse answer = await AskAsync(new V1.ServerReflectionRequest { FileByFilename = "probe.proto" });

        Assert.NotEmpty(answer.FileDescriptorResponse.FileDescriptorProto);
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_in_the_answer()
    {
        V1.ServerReflectionResponse symbol = await AskAsync(new V1.ServerReflectionRequest { FileContainingSymbol = "no.such.Symbol" });
        V1.ServerReflectionResponse file = await AskAsync(new V1.ServerReflectionRequest { FileByFilename = "none.proto" });

        Assert.Equal((int)StatusCode.NotFound, symbol.ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.NotFound, file.ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task Older_tools_ask_by_the_older_name()
    {
        await using TestServer server = await StartAsync();
        using var call = new V1Alpha.ServerReflection.ServerReflectionClient(server.Channel()).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new V1Alpha.ServerReflectionRequest { ListServices = "*" });
        await call.RequestStream.CompleteAsync();

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Contains(
            call.ResponseStream.Current.ListServicesResponse.Service, service => service.Name == "settlement.contract.v1.Probe");
    }

    private static async Task<V1.ServerReflectionResponse> AskAsync(V1.ServerReflectionRequest request)
    {
        await using TestServer server = await StartAsync();
        using var call = new V1.ServerReflection.ServerReflectionClient(server.Channel()).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return Assert.Single(await call.ResponseStream.ReadAllAsync().ToListAsync());
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        services: services => services.AddGrpcReflection(), map: application => application.MapGrpcReflectionService());
}
