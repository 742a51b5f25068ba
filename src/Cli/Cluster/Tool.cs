using System.ComponentModel;
using System.Diagnostics;

namespace Settlement.Cli.Cluster;

/// <summary>A program that is run to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it.</summary>
    /// <exception cref="CliException">It is not there, or it failed; the message holds what it said.</exception>
    public static async Task RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        (int code, string words) = await TryAsync(program, arguments, cancellation);
        if (code != 0) throw new CliException(ExitCode.Environment, $"{program} ended with code {code}: {words}");
    }

    /// <summary>Runs it and gives its exit code and what it said.</summary>
    /// <exception cref="CliException">It is not there.</exception>
    public static async Task<(int Code, string Words)> TryAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/", // which every user may stand in
        };
        try
        {
            using Process run = Process.Start(start)!;
            Task<string> output = run.StandardOutput.ReadToEndAsync(cancellation);
            string errors = await run.StandardError.ReadToEndAsync(cancellation);
            string words = $"{errors.Trim()} {(await output).Trim()}".Trim();
            await run.WaitForExitAsync(cancellation);
            return (run.ExitCode, words);
        }
        catch (Win32Exception error)
        {
            throw new CliException(ExitCode.Environment, $"{program} cannot be run: {error.Message}", error);
        }
    }
}
