using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Settlement.Tests.Support;

/// <summary>A silo as a process of its own, on free loopback ports which it keeps, to be stopped or killed and started again.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private readonly string assembly;
    private readonly string[] settings;
    private readonly string http;
    private Process? process;
    private Task<string> errors = Task.FromResult("");

    /// <summary>A silo that is not started yet.</summary>
    /// <param name="assembly">Path of <c>Settlement.Silo.dll</c>.</param>
    /// <param name="policies">Folder of the packs.</param>
    /// <param name="ledger">Settings of the ledger, such as <c>Ledger:Path=...</c>.</param>
    public SiloProcess(string assembly, string policies, params string[] ledger)
    {
        this.assembly = assembly;
        string grpc = $"127.0.0.1:{FreePort()}";
        http = $"127.0.0.1:{FreePort()}";
        Address = $"http://{grpc}";
        settings =
        [
            .. ledger, $"Gateway:GrpcAddress={grpc}", $"Gateway:HttpAddress={http}", "Gateway:Insecure=true",
                $"Policies:Directory={policies}",
            "Logging:LogLevel:Default=Error", "Logging:LogLevel:Microsoft.Hosting.Lifetime=Error",
        ];
    }

    /// <summary>Where HTTP/JSON and health listen.</summary>
    public Uri Http => new($"http://{http}");

    /// <summary>Whether a privileged test process runs the silo as the system user of PostgreSQL, whom file permissions bind.</summary>
    public bool AsOrdinaryUser { get; init; }

    /// <summary>Takes each line that the silo logs; null: the lines go where the test's own go.</summary>
    public Action<string>? Logged { get; init; }

    /// <summary>Hears the number of each new process as soon as there is one.</summary>
    public Func<int, Task>? Started { get; init; }

    /// <summary>How long it may take to be ready, and to end.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where gRPC listens.</summary>
    public string Address { get; }

    /// <summary>Where JSON and health listen.</summary>
    public string HttpAddress => $"http://{http}";

    /// <summary>Number of the process, for who wants to watch it.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Whether the process was started and has neither ended nor been killed.</summary>
    public bool IsRunning => process is { HasExited: false };

    /// <summary>Starts the process and waits until it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds what it said.</exception>
    public async Task StartAsync()
    {
        string[] arguments = [assembly, .. settings.Select(setting => "--" + setting)];
        ProcessStartInfo start = AsOrdinaryUser && Environment.IsPrivilegedProcess
            ? new("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "dotnet", .. arguments])
            : new("dotnet", arguments);
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = Logged is not null;
        Process? ended = process;
        process = Process.Start(start)!;
        ended?.Dispose();
        if (Logged is { } logged)
        {
            process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is { } text) logged(text);
            };
            process.BeginOutputReadLine();
        }

        errors = process.StandardError.ReadToEndAsync();
        if (Started is { } started) await started(process.Id);
        using HttpClient client = new() { BaseAddress = Http };
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

    /// <summary>What the process has said on its error stream, when it has ended.</summary>
    public Task<string> LastWordsAsync() => errors.WaitAsync(Patience);

    /// <summary>Kills the process at once (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await GoneAsync();
    }

    /// <summary>Asks the process to end (SIGTERM) and waits until it has.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await GoneAsync();
    }

    /// <summary>Stops every thread of the process (SIGSTOP), until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets a paused process go on (SIGCONT), as if nothing had happened.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null) await KillAsync();
    }

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task GoneAsync()
    {
        await process!.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
        process = null;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
