namespace Settlement.Cli.Tests.Support;

/// <summary>Runs a command line in this process, with its own streams, environment and data folder.</summary>
internal sealed class TestHost : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-cli-").FullName;

    /// <summary>Results printed so far.</summary>
    public string Out => output.ToString();

    /// <summary>Everything else printed so far.</summary>
    public string Error => error.ToString();

    /// <summary>What a FILE named '-' holds.</summary>
    public string In { get; init; } = "";

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The data folder used when none is given.</summary>
    public string Data => Path.Combine(folder, "data");

    /// <summary>The host as the commands see it.</summary>
    public CliHost Host => new()
    {
        Out = output,
        Error = error,
        In = new StringReader(In),
        Environment = name => Environment.GetValueOrDefault(name),
        Clock = Clock,
        Root = folder,
        ProgramFolder = folder,
    };

    /// <summary>Runs a command.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>Runs a command that is interrupted when the token says so.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> RunAsync(CancellationToken interrupt, params string[] arguments) => CommandLine.RunAsync(arguments, Host, interrupt);

    /// <summary>Writes a file into the test's folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
