using System.CommandLine;

namespace Settlement.Cli.Client;

/// <summary>The options of every command that talks to a server.</summary>
internal sealed class ClientOptions
{
    /// <summary>Environment variable that holds a key.</summary>
    public const string KeyVariable = "SETTLEMENT_KEY";

    /// <summary>Address used when none is given.</summary>
    public const string DefaultServer = "http://127.0.0.1:5080";

    private ClientOptions(Command command)
    {
        Server = new Option<string>("--server")
        {
            Description = "gRPC address of the server.",
            HelpName = "URL",
            DefaultValueFactory = _ => DefaultServer,
        };
        Key = new Option<string?>("--key")
        {
            Description = $"Bearer key; else {KeyVariable} from the environment; else, for a server on this machine, the agency key "
                + "which 'up' left in the data folder.",
            HelpName = "KEY",
        };
        Data = DataOption();
        Json = JsonOption();
        command.Add(Server);
        command.Add(Key);
        command.Add(Data);
        command.Add(Json);
    }

    /// <summary><c>--server</c>.</summary>
    public Option<string> Server { get; }

    /// <summary><c>--key</c>.</summary>
    public Option<string?> Key { get; }

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; }

    /// <summary><c>--json</c>.</summary>
    public Option<bool> Json { get; }

    /// <summary>Adds the options to a command.</summary>
    public static ClientOptions AddTo(Command command) => new(command);

    /// <summary><c>--json</c> alone, for commands without a server.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON: the server's answer as protobuf JSON, money in fen." };

    /// <summary><c>--data</c> alone, for commands without a server.</summary>
    public static Option<string?> DataOption() => new("--data")
    {
        Description = "Folder of ledger and keys (default: data/ of the checkout).",
        HelpName = "DIR",
    };

    /// <summary>Opens a connection as the parsed options say.</summary>
    /// <exception cref="CliException">The address is no http address.</exception>
    public Connection Open(ParseResult parsed, CliHost host)
    {
        string address = parsed.GetValue(Server)!;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https"))
            throw new CliException(ExitCode.Usage, $"--server '{address}' is no address: it must begin with http:// or https://");
        return new Connection(server, FindKey(parsed, host, server));
    }

    private string? FindKey(ParseResult parsed, CliHost host, Uri server)
    {
        if (parsed.GetValue(Key) is { Length: > 0 } given) return given;
        if (host.Environment(KeyVariable) is { Length: > 0 } variable) return variable;
        // The key of the data folder goes nowhere but to this machine.
        return server.IsLoopback ? DataFolder.Of(parsed.GetValue(Data), host).ReadAgencyKey() : null;
    }
}
