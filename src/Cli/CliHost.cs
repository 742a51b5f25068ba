using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Settlement.Cli;

/// <summary>What a command sees of the world: streams, environment, clock, folders. Tests put their own in its place.</summary>
internal sealed class CliHost
{
    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>
    /// Opens the results for a program that relies on them: writing fails when nobody reads any more, where <see cref="Out"/> of a console
    /// is silent.
    /// </summary>
    public Func<TextWriter>? OpenReliedOn { get; init; }

    /// <summary>Everything that is not a result: progress, hints, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where a FILE named <c>-</c> is read from.</summary>
    public required TextReader In { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Folder that holds <c>policies/</c> and, by default, <c>data/</c>: the checkout, or the working folder outside one.
    /// </summary>
    public required string Root { get; init; }

    /// <summary>Folder of this program.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>Whether progress may rewrite its own line.</summary>
    public bool Interactive { get; init; }

    /// <summary>Writes a line to <see cref="Error"/>, also when several threads do.</summary>
    public void WriteErrorLine(string line)
    {
        lock (Error) Error.WriteLine(line);
    }

    /// <summary>Console, environment and folders of this process.</summary>
    public static CliHost OfThisProcess() => new()
    {
        Out = Console.Out,
        OpenReliedOn = OperatingSystem.IsWindows() ? null : OpenStandardOutput,
        Error = Console.Error,
        In = Console.In,
        Environment = System.Environment.GetEnvironmentVariable,
        Root = FindRoot(AppContext.BaseDirectory) ?? Directory.GetCurrentDirectory(),
        ProgramFolder = AppContext.BaseDirectory,
        Interactive = !Console.IsErrorRedirected,
    };

    private static StreamWriter OpenStandardOutput() =>
        new(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private static string? FindRoot(string from)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "settlement")) && Directory.Exists(Path.Combine(folder.FullName, "policies")))
                return folder.FullName;
        }

        return null;
    }
}
