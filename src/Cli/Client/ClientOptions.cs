using System.CommandLine;

namespace Settlement.Cli.Client;

/// <summary>The options of every command that talks to a server.</summary>
internal sealed class ClientOptions
{
    /// <summary>Environment variable that holds a key.</summary>
    public const string KeyVariable = "SETTLEMENT_KEY";

    /// <summary>Address used when none is given.</summary>
    public const string DefaultServer = "http://127.0.0.1:5080";

    private ClientOptions(Command command, bool hasJson)
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
        Authority = new Option<string?>("--ca")
        {
            Description = "Authorities that may sign the server's certificate (PEM), instead of the machine's own.",
            HelpName = "FILE",
        };
        Certificate = new Option<string?>("--cert")
        {
            Description = "Client certificate to show (PEM), for an https server.",
            HelpName = "FILE",
        };
        CertificateKey = new Option<string?>("--cert-key") { Description = "Its private key (PEM).", HelpName = "FILE" };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Certificate) is null != result.GetResult(CertificateKey) is null)
                result.AddError("--cert and --cert-key belong together");
        });
        Data = DataOption();
        Json = JsonOption();
        command.Add(Server);
        command.Add(Key);
        command.Add(Authority);
        command.Add(Certificate);
        command.Add(CertificateKey);
        command.Add(Data);
        if (hasJson) command.Add(Json);
    }

    /// <summary><c>--server</c>.</summary>
    public Option<string> Server { get; }

    /// <summary><c>--key</c>.</summary>
    public Option<string?> Key { get; }

    /// <summary><c>--ca</c>.</summary>
    public Option<string?> Authority { get; }

    /// <summary><c>--cert</c>.</summary>
    public Option<string?> Certificate { get; }

    /// <summary><c>--cert-key</c>.</summary>
    public Option<string?> CertificateKey { get; }

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; }

    /// <summary><c>--json</c>.</summary>
    public Option<bool> Json { get; }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasJson">Whether <c>--json</c> is among them; not of a command that prints nothing else.</param>
    public static ClientOptions AddTo(Command command, bool hasJson = true) => new(command, hasJson);

    /// <summary><c>--json</c> alone, for commands without a server.</summary>
    public static Option<bool> JsonOption() => new("--json")
    {
        Description = "Print JSON: the server's answer as protobuf JSON, money in fen.",
    };

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
        ClientTls? tls = ClientTls.Read(parsed.GetValue(Authority), parsed.GetValue(Certificate), parsed.GetValue(CertificateKey));
        if (tls is not null && server.Scheme != Uri.UriSchemeHttps)
            throw new CliException(ExitCode.Usage, $"--ca and --cert are for https; --server is '{address}'");
        return new Connection(server, FindKey(parsed, host, server, tls), tls);
    }

    private string? FindKey(ParseResult parsed, CliHost host, Uri server, ClientTls? tls)
    {
        if (parsed.GetValue(Key) is { Length: > 0 } given) return given;
        if (host.Environment(KeyVariable) is { Length: > 0 } variable) return variable;
        // the certificate speaks for the caller; a key found by chance may be of somebody else
        if (tls?.Certificate is not null) return null;
        // The key of the data folder goes nowhere but to this machine.
        return server.IsLoopback ? DataFolder.Of(parsed.GetValue(Data), host).ReadAgencyKey() : null;
    }
}
