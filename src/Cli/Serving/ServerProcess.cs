using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Settlement.Cli.Serving;

/// <summary>The server as a child process.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(50);
    private readonly ChildProcess process;

    private ServerProcess(ChildProcess process) => this.process = process;

    /// <summary>Starts the server. Its output goes line by line to our standard error.</summary>
    public static ServerProcess Start(ServerPlan plan, CliHost host) => Start(plan, host.WriteErrorLine, ownSession: false);

    /// <summary>Starts the server, perhaps out of reach of the terminal.</summary>
    public static ServerProcess Start(ServerPlan plan, Action<string> line, bool ownSession) =>
        new(ChildProcess.Start("dotnet", [plan.Program, .. plan.Arguments], plan.Environment, line, ownSession));

    /// <summary>Number of the process.</summary>
    public int Id => process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Waits until the server says it is ready.</summary>
    /// <param name="http">Where it answers.</param>
    /// <param name="certificateFile">Its certificate (PEM) when it speaks TLS, else null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="CliException">It ended, or was not ready in time.</exception>
    public async Task WaitUntilReadyAsync(Uri http, string? certificateFile, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        using X509Certificate2? certificate = certificateFile is null
            ? null
            : X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(certificateFile, cancellation));
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
            throw new CliException(
                ExitCode.Environment, $"the server was not ready after {StartLimit.TotalSeconds} seconds ({http}health/ready)");
        }
    }

    /// <summary>Waits for the server's end.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancellation = default) => process.WaitForExitAsync(cancellation);

    /// <summary>Asks the server to end in good order.</summary>
    public void RequestStop() => process.Signal(ChildProcess.Terminate);

    /// <summary>Ends the server: in good order, by force when it takes too long.</summary>
    /// <returns>False when force was needed.</returns>
    public Task<bool> StopAsync() => process.StopAsync(ChildProcess.Terminate, StopLimit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await process.DisposeAsync();
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
        int code = await process.WaitForExitAsync(); // its last lines have been forwarded
        return new CliException(ExitCode.Environment, $"the server ended with code {code} before it was ready: its own words are above");
    }
}
