using System.Diagnostics;

namespace Settlement.Kit.Tests;

/// <summary>One sandbox for all tests of the assembly, started as an integrator would.</summary>
public sealed class SandboxProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private Process process = null!;

    public string Grpc { get; } = $"127.0.0.1:{Checkout.FreePort()}";

    public string Http { get; } = $"127.0.0.1:{Checkout.FreePort()}";

    public async Task InitializeAsync()
    {
        process = Checkout.Start(
            "dotnet", [Checkout.Program("src/Cli", "Settlement.Cli.dll"), "sandbox", "--grpc", Grpc, "--http", Http],
            ("SETTLEMENT_SILO", Checkout.Program("src/Silo", "Settlement.Silo.dll")));
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("sandbox: ready", StringComparison.Ordinal)) return;
        }

        Assert.Fail($"The sandbox did not start: {await errors}");
    }

    public async Task DisposeAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class SandboxCollection : ICollectionFixture<SandboxProcess>
{
    public const string Name = "sandbox";
}
