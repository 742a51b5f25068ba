using System.Net;
using System.Net.Sockets;

namespace Settlement.Cli.Serving;

/// <summary>The server to start: program, arguments, addresses.</summary>
internal sealed record ServerPlan
{
    /// <summary>Environment variable that names another server program.</summary>
    public const string ProgramVariable = "SETTLEMENT_SILO";

    private const string ProgramName = "Settlement.Silo.dll";

    /// <summary>The server's assembly.</summary>
    public required string Program { get; init; }

    /// <summary>Its configuration.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Configuration that must not be seen in a list of processes: a connection string may hold a password.</summary>
    public required Dictionary<string, string> Environment { get; init; }

    /// <summary>Where gRPC will answer, as seen from this machine.</summary>
    public required Uri Grpc { get; init; }

    /// <summary>Where HTTP will answer, as seen from this machine.</summary>
    public required Uri Http { get; init; }

    /// <summary>
    /// Finds the server program: the environment variable, beside this program, or in the checkout's output of the same stack.
    /// </summary>
    /// <exception cref="CliException">There is none.</exception>
    public static string FindProgram(CliHost host)
    {
        string? named = host.Environment(ProgramVariable);
        string[] places = named is { Length: > 0 }
            ? [named]
            : [Path.Combine(host.ProgramFolder, ProgramName), Path.Combine(SiblingOutput(host.ProgramFolder), ProgramName)];
        return places.FirstOrDefault(File.Exists)
            ?? throw new CliException(ExitCode.Environment, $"the server program is not there: looked for {string.Join(" and ", places)}");
    }

    /// <summary>Makes sure that nobody listens on an address: another server's readiness must not pass for ours.</summary>
    /// <exception cref="CliException">It is in use, or not of this machine.</exception>
    public static void EnsureFree(string option, string address)
    {
        using TcpListener listener = new(IPEndPoint.Parse(address));
        try
        {
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new CliException(ExitCode.Environment, $"{option} {address} cannot be listened on: {error.Message}", error);
        }
    }

    /// <summary>An address to listen on as one to call: 0.0.0.0 and [::] become loopback.</summary>
    public static Uri Callable(string address, bool tls = false)
    {
        IPEndPoint end = IPEndPoint.Parse(address);
        if (end.Address.Equals(IPAddress.Any)) end.Address = IPAddress.Loopback;
        if (end.Address.Equals(IPAddress.IPv6Any)) end.Address = IPAddress.IPv6Loopback;
        return new Uri($"{(tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{end}");
    }

    // src/Cli/bin/<stack>/<configuration>/<framework> -> src/Silo/bin/...
    private static string SiblingOutput(string folder)
    {
        string marker = $"{Path.DirectorySeparatorChar}Cli{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}";
        int at = folder.LastIndexOf(marker, StringComparison.Ordinal);
        return at < 0 ? folder : $"{folder[..at]}{marker.Replace("Cli", "Silo")}{folder[(at + marker.Length)..]}";
    }
}
