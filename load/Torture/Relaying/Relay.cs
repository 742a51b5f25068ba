using System.Diagnostics;
using Settlement.Torture.Serving;

namespace Settlement.Torture.Relaying;

/// <summary>The fault proxy, a process of its own, in front of some ports of loopback. Its own ports stay the same through kills.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim turn = new(1);
    private readonly int[] targets;
    private Process? process;

    private Relay(int[] targets)
    {
        this.targets = targets;
        Ports = [.. targets.Select(static _ => FreePort.Next())];
    }

    /// <summary>Where it listens, in the order of the targets.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>Starts one.</summary>
    public static async Task<Relay> StartAsync(params int[] targets)
    {
        Relay relay = new(targets);
        await relay.StartAgainAsync();
        return relay;
    }

    /// <summary>
    /// Says a word to one link; see <see cref="RelayLink.Obey"/>. While the proxy is dead it waits: a new one has open links.
    /// </summary>
    public async Task SayAsync(int link, string word)
    {
        await turn.WaitAsync();
        try
        {
            await process!.StandardInput.WriteLineAsync($"{link} {word}");
            await process.StandardInput.FlushAsync();
            await HearAsync("done");
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Kills the proxy (SIGKILL), and with it every connection; starts it again after a time.</summary>
    /// <param name="down">How long nobody listens.</param>
    /// <param name="ending">Called just before it starts again.</param>
    public async Task KillAsync(TimeSpan down, Action ending)
    {
        await turn.WaitAsync();
        try
        {
            process!.Kill();
            await process.WaitForExitAsync().WaitAsync(Patience);
            process.Dispose();
            await Task.Delay(down);
            ending();
            await StartAgainAsync();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        turn.Dispose();
        if (process is null) return;
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.Dispose();
    }

    private async Task StartAgainAsync()
    {
        string[] pairs = [.. Ports.Zip(targets, static (listen, target) => $"{listen}:{target}")];
        process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Relay).Assembly.Location, RelayProgram.Name, .. pairs])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await HearAsync("ready");
    }

    private async Task HearAsync(string expected)
    {
        string? heard = await process!.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (heard != expected)
            throw new InvalidOperationException($"The proxy said '{heard ?? "nothing and ended"}' where '{expected}' was expected.");
    }
}
