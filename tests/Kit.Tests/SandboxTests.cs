namespace Settlement.Kit.Tests;

/// <summary>A sandbox has public keys: it runs on a fresh ledger of its own, on this machine alone.</summary>
public sealed class SandboxTests
{
    [Fact]
    public async Task It_refuses_a_folder_with_anything_in_it()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("settlement-not-empty-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ledger.db"), "somebody's");

        (int code, string output) = await RunAsync("--data", folder.FullName);

        Assert.Equal(2, code);
        Assert.Contains("is not empty", output);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "ledger.db")));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--grpc", "0.0.0.0:5080")]
    [InlineData("--http", "192.0.2.1:5081")]
    public async Task It_refuses_an_address_that_others_reach(string option, string address)
    {
        (int code, string output) = await RunAsync(option, address);
        Assert.Equal(2, code);
        Assert.Contains("the keys of a sandbox are public", output);
    }

    private static Task<(int Code, string Output)> RunAsync(params string[] arguments) =>
        Checkout.RunAsync("dotnet", [Checkout.Program("src/Cli", "Settlement.Cli.dll"), "sandbox", .. arguments]);
}
