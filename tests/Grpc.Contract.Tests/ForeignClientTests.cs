using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Settlement.Tests.Support;

namespace Settlement.Grpc.Contract.Tests;

/// <summary>
/// Clients of other makes speak to the server: grpc-js, a pure JavaScript implementation, and grpcio, which is the C core. Both are
/// programs that print what they saw; they need Node.js with npm, and the Debian package python3-grpcio.
/// </summary>
public sealed class ForeignClientTests
{
    [Fact]
    public async Task The_client_of_node_js_works()
    {
        await using TestServer server = await StartAsync();

        Dictionary<string, string> seen = Spelt(await ForeignProgram.SeenByNodeAsync(
            SourceFolder("node"), TestServer.Guard, "client.js", server.Address.Authority, Proto("probe.proto"), Proto("health.proto")));

        Assert.Equal("""{"text":"医保","number":7}""", seen["unary"]);
        Assert.Equal("""{"count":3,"characters":6}""", seen["client stream"]);
        Assert.Equal("""{"code":0,"numbers":true,"count":500}""", seen["server stream"]);
        Assert.Equal("""{"code":0,"numbers":[1,2,3,4,5]}""", seen["duplex"]);
        AssertEndings(seen);
        Assert.Equal("""{"code":9,"details":"余额不足","reasonInTrailer":true}""", seen["failure"]);
        Assert.Equal("""[["plain",[0,1,254,255]],["plain",[0,1,254,255]]]""", seen["metadata"]);
        Assert.Equal("true", seen["gzip"]);
        Assert.Equal("\"SERVING\"", seen["health"]);
    }

    [Fact]
    public async Task The_client_of_the_c_core_works()
    {
        await using TestServer server = await StartAsync();

        Dictionary<string, string> seen = Spelt(await ForeignProgram.SeenAsync(
            "/usr/bin/python3", SourceFolder("python"), TestServer.Guard, "client.py", server.Address.Authority));

        Assert.Equal("""["\u533b\u4fdd", 7]""", seen["unary"]);
        Assert.Equal("[3, 6]", seen["client stream"]);
        Assert.Equal("true", seen["server stream"]);
        Assert.Equal("[0, 1, 2, 3, 4]", seen["duplex"]);
        AssertEndings(seen);
        Assert.Equal(((int)StatusCode.Unimplemented).ToString(), seen["unknown service"]);
        Assert.Equal("""[9, "\u4f59\u989d\u4e0d\u8db3", true]""", seen["failure"]);
        Assert.Equal("""[["plain", [0, 1, 254, 255]], ["plain", [0, 1, 254, 255]]]""", seen["metadata"]);
        Assert.Equal("true", seen["gzip"]);
        Assert.Equal("1", seen["health"]);
        foreach (string version in (string[])["v1", "v1alpha"])
            Assert.Equal("""[true, ["settlement.contract.v1"]]""", seen["reflection " + version]);
    }

    private static void AssertEndings(Dictionary<string, string> seen)
    {
        Assert.Equal(((int)StatusCode.DeadlineExceeded).ToString(), seen["deadline"]);
        Assert.Equal(((int)StatusCode.Cancelled).ToString(), seen["cancel"]);
        Assert.Equal(((int)StatusCode.Unimplemented).ToString(), seen["missing"]);
        Assert.Equal(((int)StatusCode.NotFound).ToString(), seen["health unknown"]);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        options => options.ResponseCompressionAlgorithm = "gzip",
        services =>
        {
            services.AddGrpcReflection();
            services.AddGrpcHealthChecks().AddCheck("always", () => HealthCheckResult.Healthy());
        },
        application =>
        {
            application.MapGrpcReflectionService();
            application.MapGrpcHealthChecksService();
        });

    /// <summary>What the program saw, in its own spelling of JSON.</summary>
    private static Dictionary<string, string> Spelt(Dictionary<string, JsonElement> seen) =>
        seen.ToDictionary(one => one.Key, one => one.Value.GetRawText());

    private static string Proto(string name) => Path.Combine(AppContext.BaseDirectory, "protos", name);

    /// <summary>Beside the sources, where npm keeps what it has installed from one build to the next.</summary>
    private static string SourceFolder(string client)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "Grpc.Contract.Tests", "foreign", client);
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new InvalidOperationException(
            $"The folder tests/Grpc.Contract.Tests/foreign/{client} is not above {AppContext.BaseDirectory}.");
    }
}
