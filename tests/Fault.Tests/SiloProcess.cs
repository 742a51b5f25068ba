using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Settlement.Fault.Tests;

/// <summary>A silo as a process of its own, on fixed free loopback ports, to be killed and started again.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string[] settings;
    private readonly string http;
    private Process? process;

    public SiloProcess(params string[] ledger)
    {
        GrpcAddress = $"127.0.0.1:{FreePort()}";
        http = $"127.0.0.1:{FreePort()}";
        settings =
        [
            .. ledger, $"Gateway:GrpcAddress={GrpcAddress}", $"Gateway:HttpAddress={http}", "Gateway:Insecure=true", "Cluster:SiloPort=0", "Cluster:GatewayPort=0",
            $"Policies:Directory={Path.Combine(AppContext.BaseDirectory, "policies")}", "Logging:LogLevel:Default=Warning",
        ];
    }

    public string GrpcAddress { get; }

    /// <summary>Starts the process and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"), .. settings.Select(s => "--" + s)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using HttpClient client = new() { BaseAddress = new Uri($"http://{http}") };
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer pause = new(TimeSpan.FromMilliseconds(25));
        while (true)
        {
            if (process.HasExited) throw new InvalidOperationException($"The silo ended with {process.ExitCode}: {await errors}");
            try
            {
                using HttpResponseMessage ready = await client.GetAsync("/health/ready", patience.Token);
                if (ready.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await pause.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Kills the process at once (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await KillAsync();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
