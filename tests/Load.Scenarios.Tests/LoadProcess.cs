using System.Diagnostics;

namespace Settlement.Load.Scenarios.Tests;

/// <summary>Runs <c>settlement load</c> as a process of its own.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote, errors after the rest.</param>
/// <param name="Reports">The folder of the run's reports, or null when it wrote none.</param>
internal sealed record LoadProcess(int ExitCode, string Output, string? Reports)
{
    /// <summary>What <c>./settlement load</c> puts into the environment.</summary>
    public static IReadOnlyDictionary<string, string> Surroundings { get; } = new Dictionary<string, string>
    {
        ["SETTLEMENT_SILO"] = Beside("Settlement.Silo.dll"),
        ["SETTLEMENT_CLI"] = Beside("Settlement.Cli.dll"),
        ["SETTLEMENT_POLICIES"] = Beside("policies"),
    };

    /// <summary>Runs it to its end.</summary>
    public static async Task<LoadProcess> RunAsync(params string[] arguments)
    {
        string reports = Directory.CreateTempSubdirectory("load-reports-").FullName;
        ProcessStartInfo start = new(
            "dotnet", [Beside("Settlement.Scenarios.dll"), .. arguments, .. arguments.Length > 0 ? new[] { "--reports", reports } : []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string place) in Surroundings) start.Environment[name] = place;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new LoadProcess(process.ExitCode, output + await errors, Directory.GetDirectories(reports).SingleOrDefault());
    }

    /// <summary>The text of a report.</summary>
    public string Report(string file) => File.ReadAllText(Path.Combine(Reports!, file));

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
