using System.ComponentModel;
using System.Diagnostics;

namespace Settlement.Cli.Cluster;

/// <summary>A program that is run to its end.</summary>
internal static class Tool
{
    /// <summary>Runs it.</summary>
    /// <exception cref="CliException">It is not there, or it failed; the message holds what it said.</exception>
    public static async Task RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        try
        {
            using Process run = Process.Start(start)!;
            Task<string> output = run.StandardOutput.ReadToEndAsync();
            string errors = await run.StandardError.ReadToEndAsync();
            await run.WaitForExitAsync();
            if (run.ExitCode != 0) throw new CliException(ExitCode.Environment, $"{program} ended with code {run.ExitCode}: {errors.Trim()} {(await output).Trim()}");
        }
        catch (Win32Exception error)
        {
            throw new CliException(ExitCode.Environment, $"{program} cannot be run: {error.Message}", error);
        }
    }
}
