using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Settlement.Cli.Serving;

/// <summary>The server as a child process. Its output goes line by line to our standard error.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);
    private readonly Process process;

    private ServerProcess(Process process) => this.process = process;

    /// <summary>Starts the server.</summary>
    public static ServerProcess Start(ServerPlan plan, CliHost host)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(plan.Program);
        foreach (string argument in plan.Arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in plan.Environment) start.Environment[name] = value;
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Forward(line.Data);
        process.ErrorDataReceived += (_, line) => Forward(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process);

        void Forward(string? line)
        {
            if (line is null) return;
            lock (host.Error) host.Error.WriteLine(line);
        }
    }

    /// <summary>Waits until the server says it is ready.</summary>
    /// <param name="http">Where it answers.</param>
    /// <param name="certificateFile">Its certificate (PEM) when it speaks TLS, else null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CliException">It ended, or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(Uri http, string? certificateFile, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        using X509Certificate2? certificate = certificateFile is null ? null : X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificateFile, cancellation));
        SocketsHttpHandler handler = new();
        // Its name may be any: it is the very certificate which the server was told to show.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            certificate is not null && shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate.RawData);
        using HttpClient client = new(handler) { BaseAddress = http };
        try
        {
            while (!await IsReadyAsync(client, limit.Token))
            {
                if (process.HasExited) throw await EndedEarlyAsync();
                await Task.Delay(BetweenProbes, limit.Token);
            }

            // An answer may come from another server that has the port: ours would be ending just now.
            if (process.HasExited) throw await EndedEarlyAsync();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Environment, $"the server was not ready after {StartLimit.TotalSeconds} seconds ({http}health/ready)");
        }
    }

    /// <summary>Waits for the server's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation = default)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Asks the server to end in good order.</summary>
    public void RequestStop()
    {
        if (process.HasExited) return;
        if (OperatingSystem.IsWindows()) process.Kill();
        else _ = Kill(process.Id, Terminate); // fails only when it has just ended
    }

    /// <summary>Ends the server: in good order, by force when it takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            RequestStop();
            using CancellationTokenSource limit = new(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using HttpResponseMessage answer = await client.GetAsync("health/ready", cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
    }

    private async Task<CliException> EndedEarlyAsync()
    {
        await process.WaitForExitAsync(); // its last lines have been forwarded
        return new CliException(ExitCode.Environment, $"the server ended with code {process.ExitCode} before it was ready: its own words are above");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
