namespace Settlement.Kit.Tests;

/// <summary>The samples run as they stand, against a sandbox, and end with "ok".</summary>
[Collection(SandboxCollection.Name)]
public sealed class SampleTests(SandboxProcess sandbox)
{
    [Fact]
    public Task Curl() => AssertOkAsync("bash", "samples/curl/settle.sh");

    [Fact]
    public Task Node() => AssertOkAsync("node", "samples/node/settle.mjs");

    [Fact]
    public Task Python_by_the_national_interface() => AssertOkAsync("/usr/bin/python3", "samples/python/national.py");

    [Fact]
    public Task Python_by_the_change_feed() => AssertOkAsync("/usr/bin/python3", "samples/python/feed.py");

    [Fact]
    public Task Csharp_by_the_client_library() => AssertOkAsync("dotnet", Checkout.Program("samples/csharp", "Settlement.Sample.dll"));

    private async Task AssertOkAsync(string program, string file)
    {
        (int code, string output) = await Checkout.RunAsync(
            program, [file], ("SETTLEMENT_HTTP", $"http://{sandbox.Http}"), ("SETTLEMENT_GRPC", $"http://{sandbox.Grpc}"));
        Assert.True(code == 0, $"{file} ended with {code}:\n{output}");
        Assert.Equal("ok", output.TrimEnd().Split('\n')[^1]);
    }
}
