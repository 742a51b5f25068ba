using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Settlement.Cli.Serving;

/// <summary>A program that runs beside this one. Its output comes line by line.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    /// <summary>SIGINT.</summary>
    public const int Interrupt = 2;

    /// <summary>SIGQUIT.</summary>
    public const int Quit = 3;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Number of the process.</summary>
    public int Id => process.Id;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="line">Takes each line of its output.</param>
    /// <param name="ownSession">Whether it is out of reach of the terminal, so that Ctrl-C comes to this process alone.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Action<string> line,
        bool ownSession = false)
    {
        ProcessStartInfo start = new(ownSession ? "setsid" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (ownSession) start.ArgumentList.Add(program);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, read) => Forward(read.Data);
        process.ErrorDataReceived += (_, read) => Forward(read.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process);

        void Forward(string? text)
        {
            if (text is not null) line(text);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation = default)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    /// <summary>Sends a signal; does nothing when it has ended. On Windows, which has none, ends it.</summary>
    public void Signal(int signal)
    {
        if (process.HasExited) return;
        if (OperatingSystem.IsWindows()) process.Kill();
        else _ = Kill(process.Id, signal); // fails only when it has just ended
    }

    /// <summary>Asks it to end, and ends it by force when it takes longer than the limit.</summary>
    /// <returns>False when force was needed.</returns>
    public async Task<bool> StopAsync(int signal, TimeSpan limit)
    {
        Signal(signal);
        using CancellationTokenSource patience = new(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    /// <summary>Ends it at once when it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await StopAsync(Terminate, TimeSpan.Zero);
        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
