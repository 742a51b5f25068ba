using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Settlement.Tests.Support;

/// <summary>
/// A program in another language that a test drives. It prints what it saw, a line of JSON with <c>name</c> and <c>value</c> for each
/// thing, and the test says what it should have seen.
/// </summary>
public static class ForeignProgram
{
    private static readonly TimeSpan InstallGuard = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a program of Node.js, with the packages that its folder locks; they are installed once and stay beside the sources.
    /// </summary>
    /// <param name="folder">Folder of the program and of its <c>package-lock.json</c>.</param>
    /// <param name="guard">How long it may take.</param>
    /// <param name="arguments">Its file and arguments.</param>
    /// <returns>What it saw, by name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be started, did not end or failed; the message holds what it said.</exception>
    public static async Task<Dictionary<string, JsonElement>> SeenByNodeAsync(string folder, TimeSpan guard, params string[] arguments)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            await RunAsync("npm", folder, InstallGuard, "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        return await SeenAsync("node", folder, guard, arguments);
    }

    /// <summary>Runs a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="guard">How long it may take.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it saw, by name.</returns>
    /// <exception cref="InvalidOperationException">It cannot be started, did not end or failed; the message holds what it said.</exception>
    public static async Task<Dictionary<string, JsonElement>> SeenAsync(
        string program, string folder, TimeSpan guard, params string[] arguments)
    {
        string output = await RunAsync(program, folder, guard, arguments);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(static line => line.GetProperty("name").GetString()!, static line => line.GetProperty("value"));
    }

    private static async Task<string> RunAsync(string program, string folder, TimeSpan guard, params string[] arguments)
    {
        using Process process = Start(
            new ProcessStartInfo(
                program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true });
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(guard);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} did not end in {guard}. It said:\n{await output}\n{await errors}");
        }

        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}. It said:\n{await output}\n{await errors}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"This test needs the program '{start.FileName}', which cannot be started.", error);
        }
    }
}
