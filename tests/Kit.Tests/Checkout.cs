using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Settlement.Kit.Tests;

/// <summary>The checkout, its built programs, and processes run from it.</summary>
internal static class Checkout
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>A program as this build of the checkout made it.</summary>
    public static string Program(string project, string assembly)
    {
        string output = typeof(Checkout).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "Output")
            .Value!;
        return Path.Combine(Root, project, output, assembly);
    }

    /// <summary>Starts a process whose output is read by the caller.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(
            program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a process to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Start(program, arguments, environment);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await errors);
    }

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
