using System.CommandLine;
using System.Net;
using Settlement.Cli.Client;
using Settlement.Ledger;

namespace Settlement.Cli.Serving;

/// <summary>Where the ledger is; shared by <c>up</c> and the commands that read the ledger themselves.</summary>
internal sealed class LedgerPlace
{
    private LedgerPlace(Command command)
    {
                Ledger.AcceptOnlyFromAmong("sqlite", "postgres");
        command.Add(Ledger);
        command.Add(Data);
        command.Add(ConnectionString);
        command.Validators.Add(result =>
        {
            // By token: the value of an option that is itself in error cannot be asked for.
            bool postgres = result.GetResult(Ledger)?.Tokens is [{ Value: "postgres" }];
            bool connection = result.GetResult(ConnectionString)?.Tokens is [{ Value.Length: > 0 }];
            if (postgres && !connection) result.AddError("--ledger postgres needs --connection");
            if (!postgres && connection) result.AddError("--connection belongs to --ledger postgres");
        });
    }

    /// <summary><c>--ledger</c>.</summary>
    public Option<string> Ledger { get; } = new("--ledger")
    {
        Description = "Store of the ledger: sqlite (embedded, in the data folder) or postgres.",
        HelpName = "sqlite|postgres",
        DefaultValueFactory = _ => "sqlite",
    };

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; } = ClientOptions.DataOption();

    /// <summary><c>--connection</c>.</summary>
    public Option<string?> ConnectionString { get; } = new("--connection")
    {
        Description = "PostgreSQL connection string.",
        HelpName = "STRING",
    };

    /// <summary>Adds the options to a command.</summary>
    public static LedgerPlace AddTo(Command command) => new(command);

    /// <summary>The data folder chosen.</summary>
    public DataFolder Folder(ParseResult parsed, CliHost host) => DataFolder.Of(parsed.GetValue(Data), host);

    /// <summary>True for PostgreSQL.</summary>
    public bool IsPostgres(ParseResult parsed) => parsed.GetValue(Ledger) == "postgres";

    /// <summary>The ledger chosen, to be read only.</summary>
    /// <exception cref="CliException">There is none. Opening would make an empty one, and a report on nothing looks like a good
    /// one.</exception>
    public LedgerOptions ExistingLedger(ParseResult parsed, CliHost host)
    {
        if (IsPostgres(parsed)) return new LedgerOptions
        {
            Provider = LedgerProvider.Postgres,
            ConnectionString = parsed.GetValue(ConnectionString)!,
        };
        string file = Folder(parsed, host).LedgerFile;
        if (!File.Exists(file)) throw new CliException(ExitCode.Environment, $"there is no ledger at {file}: name its folder with --data");
        return new LedgerOptions { Provider = LedgerProvider.Sqlite, Path = file };
    }
}

/// <summary>The options of <c>up</c>.</summary>
internal sealed class UpOptions
{
    private UpOptions(Command command)
    {
        Place = LedgerPlace.AddTo(command);
        foreach (Option option in new Option[] { Grpc, Http, Insecure, Keys, TlsCertificate, TlsKey, ClientAuthority, Sample, Exit })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(TlsCertificate) is null != result.GetResult(TlsKey) is null)
                result.AddError("--tls-cert and --tls-key belong together");
            if (result.GetResult(ClientAuthority) is not null && result.GetResult(TlsCertificate) is null)
                result.AddError("--client-ca needs --tls-cert");
            if (result.GetResult(TlsCertificate) is not null && result.GetValue(Sample))
                result.AddError("--sample is for a server without TLS");
            if (result.GetValue(Exit) && !result.GetValue(Sample)) result.AddError("--exit belongs to --sample");
        });
    }

    /// <summary>Ledger and data folder.</summary>
    public LedgerPlace Place { get; }

    /// <summary><c>--grpc</c>.</summary>
    public Option<string> Grpc { get; } = Address("--grpc", "Address of gRPC.", "127.0.0.1:5080");

    /// <summary><c>--http</c>.</summary>
    public Option<string> Http { get; } = Address("--http", "Address of HTTP/JSON and health.", "127.0.0.1:5081");

    /// <summary><c>--insecure</c>.</summary>
    public Option<bool> Insecure { get; } = new(
        "--insecure") { Description = "Serve without keys; the server allows it on loopback only." };

    /// <summary><c>--keys</c>.</summary>
    public Option<string?> Keys { get; } = KeysOption();

    /// <summary><c>--tls-cert</c>.</summary>
    public Option<string?> TlsCertificate { get; } = new(
        "--tls-cert") { Description = "Speak TLS on both addresses, with this certificate and its chain (PEM).", HelpName = "FILE" };

    /// <summary><c>--tls-key</c>.</summary>
    public Option<string?> TlsKey { get; } = new("--tls-key") { Description = "Its private key (PEM).", HelpName = "FILE" };

    /// <summary><c>--client-ca</c>.</summary>
    public Option<string?> ClientAuthority { get; } = new("--client-ca")
    {
        Description = "Authorities that sign client certificates (PEM); those registered by fingerprint need none.",
        HelpName = "FILE",
    };

    /// <summary><c>--sample</c>.</summary>
    public Option<bool> Sample { get; } = new(
        "--sample") { Description = "Register sample persons, settle sample discharges, show one statement and totals." };

    /// <summary><c>--exit</c>.</summary>
    public Option<bool> Exit { get; } = new("--exit") { Description = "End after the sample instead of serving on." };

    /// <summary>Adds the options to a command.</summary>
    public static UpOptions AddTo(Command command) => new(command);

    /// <summary><c>--keys</c>, for every command that needs the key file.</summary>
    public static Option<string?> KeysOption() => new("--keys")
    {
        Description = "File of keys (default: keys.json in the data folder).",
        HelpName = "FILE",
    };

    /// <summary>An option that holds an address to listen on.</summary>
    public static Option<string> Address(string name, string description, string fallback)
    {
        Option<string> option = new(name) { Description = description, HelpName = "IP:PORT", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && !(IPEndPoint.TryParse(token.Value, out IPEndPoint? end) && end.Port != 0))
                result.AddError($"{name} '{token.Value}' is no address: an IP address with a port, such as {fallback}");
        });
        return option;
    }
}
