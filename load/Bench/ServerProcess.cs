using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Settlement.Ledger;

namespace Settlement.Bench;

/// <summary>The server under test, a process of its own. SETTLEMENT_SILO names its assembly; ./settlement sets it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, string address)
    {
        this.process = process;
        Address = address;
    }

    public string Address { get; }

    public static async Task<ServerProcess> StartAsync(LedgerOptions ledger)
    {
        string silo = Environment.GetEnvironmentVariable("SETTLEMENT_SILO")
            ?? throw new InvalidOperationException("SETTLEMENT_SILO is not set: run the benchmark with './settlement bench'.");
        string policies = Environment.GetEnvironmentVariable("SETTLEMENT_POLICIES")
            ?? throw new InvalidOperationException("SETTLEMENT_POLICIES is not set: run the benchmark with './settlement bench'.");
        string grpc = $"127.0.0.1:{FreePort()}";
        string http = $"127.0.0.1:{FreePort()}";
        Process process = Process.Start(new ProcessStartInfo("dotnet",
        [
            silo, $"--Ledger:Provider={ledger.Provider}", $"--Ledger:Path={ledger.Path}", $"--Ledger:ConnectionString={ledger.ConnectionString}",
            $"--Gateway:GrpcAddress={grpc}", $"--Gateway:HttpAddress={http}", "--Gateway:Insecure=true", "--Cluster:SiloPort=0", "--Cluster:GatewayPort=0", $"--Policies:Directory={policies}",
            "--Logging:LogLevel:Default=Error",
        ]))!;
        ServerProcess server = new(process, $"http://{grpc}");
        await server.WaitUntilReadyAsync(http);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using Process term = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private async Task WaitUntilReadyAsync(string http)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://{http}") };
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(50));
        while (await pause.WaitForNextTickAsync(patience.Token))
        {
            if (process.HasExited) throw new InvalidOperationException($"The server ended with exit code {process.ExitCode}.");
            try
            {
                using HttpResponseMessage ready = await client.GetAsync("/health/ready", patience.Token);
                if (ready.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
