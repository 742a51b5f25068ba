using System.Diagnostics;

namespace Settlement.Cluster.Tests.Deploy;

/// <summary>Programs that know the files of <c>deploy/</c> better than we do, where they are installed.</summary>
internal static class Tool
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and returns what it printed; a failure fails the test with what it said.</summary>
    public static string Run(string name, params string[] arguments)
    {
        ProcessStartInfo start = new(Find(name)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}:\n{errors.Result}{output}");
        return output;
    }
}

/// <summary>A test that needs a program: skipped, with its reason printed, where the program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string program)
    {
        if (Tool.Find(program) is null) Skip = $"{program} is not installed: the file is checked by parsing only.";
    }
}
