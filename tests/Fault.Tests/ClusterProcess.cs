using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Settlement.Fault.Tests;

/// <summary><c>settlement cluster</c> as a process of its own, and what it says.</summary>
internal sealed partial class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Settlement.Cli.dll");
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClusterProcess(int ports, int silos, string[] arguments)
    {
        Ports = ports;
        PostgresPort = ports + (2 * silos);
        string[] all = [
            Program, "cluster", "--silos", $"{silos}", "--ports", $"{ports}", "--grpc", Grpc.Authority, "--http", Http.Authority,
            "--insecure", .. arguments];
        process = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lines.Enqueue(line.Data);
            if (line.Data.EndsWith("serving; Ctrl-C ends all", StringComparison.Ordinal)) serving.TrySetResult();
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The proxy's gRPC.</summary>
    public Uri Grpc => new($"http://127.0.0.1:{PostgresPort + 1}");

    /// <summary>The proxy's HTTP/JSON.</summary>
    public Uri Http => new($"http://127.0.0.1:{PostgresPort + 2}");

    /// <summary>Port of the cluster's own PostgreSQL.</summary>
    public int PostgresPort { get; }

    /// <summary>All that it said.</summary>
    public string Words => string.Join('\n', lines);

    /// <summary>Its folder.</summary>
    public string Folder => Said(FolderLine()).Groups[1].Value;

    private int Ports { get; }

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<ClusterProcess> StartAsync(int silos, params string[] arguments)
    {
        ClusterProcess cluster = new(FreePorts((2 * silos) + 3), silos, arguments);
        await Task.WhenAny(cluster.serving.Task, cluster.process.WaitForExitAsync()).WaitAsync(Patience);
        Assert.False(cluster.process.HasExited, cluster.Words);
        return cluster;
    }

    /// <summary>Number of a silo's process, from 1.</summary>
    public int Silo(int number) =>
        int.Parse(Said(new Regex($@"silo-{number} .* process (\d+)$")).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Runs <c>cluster restart</c>.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RestartAsync()
    {
        using Process restart = Process.Start(
            new ProcessStartInfo(
                "dotnet", [Program, "cluster", "restart", "--data", Folder]) { RedirectStandardOutput = true,
                RedirectStandardError = true })!;
        Task<string> errors = restart.StandardError.ReadToEndAsync();
        string said = await restart.StandardOutput.ReadToEndAsync();
        await restart.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(restart.ExitCode == 0, $"{said}{await errors}\n{Words}");
        return said;
    }

    /// <summary>Asks it to end (SIGTERM) and gives its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        return await ExitAsync();
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Whether anybody still listens where its parts did.</summary>
    public bool AnyPortTaken() => Enumerable.Range(Ports, Http.Port - Ports + 1).Any(port => !IsFree(port));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"^settlement: folder +(\S+)")]
    private static partial Regex FolderLine();

    private Match Said(Regex what) => lines.Select(line => what.Match(line)).First(match => match.Success);

    // Below the ports that the system hands out: a silo must find its own again after a restart.
    private static int FreePorts(int count)
    {
        while (true)
        {
            int first = Random.Shared.Next(12_000, 32_000);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
