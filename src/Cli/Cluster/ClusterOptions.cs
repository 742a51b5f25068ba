using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Settlement.Cli.Client;
using Settlement.Cli.Serving;

namespace Settlement.Cli.Cluster;

/// <summary>The options of <c>cluster</c>.</summary>
internal sealed class ClusterOptions
{
    private const int MostSilos = 32;
    private const int HighestPort = 65_000;

    private ClusterOptions(Command command)
    {
        foreach (Option option in new Option[] { Silos, Data, Connection, Grpc, Http, Ports, Insecure }) command.Add(option);
        Silos.Validators.Add(result => Within(result, 1, MostSilos));
        Ports.Validators.Add(result => Within(result, 1024, HighestPort));
        command.Validators.Add(result =>
        {
            if (!result.GetValue(Insecure)) return;
            foreach (Option<string> address in new[] { Grpc, Http })
            {
                // Behind a proxy every caller comes from this machine.
                if (result.GetResult(address) is not { Tokens: [{ Value: { } given }] } || !IPEndPoint.TryParse(given, out IPEndPoint? end))
                    continue;
                if (!IPAddress.IsLoopback(end.Address))
                    result.AddError($"--insecure lets whoever reaches {address.Name} {given} act as the agency: loopback addresses only");
            }
        });
    }

    /// <summary><c>--silos</c>.</summary>
    public Option<int> Silos { get; } = new("--silos")
    {
        Description = "How many silo processes.",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; } = DataOption();

    /// <summary><c>--connection</c>.</summary>
    public Option<string?> Connection { get; } = new("--connection")
    {
        Description = "PostgreSQL connection string of the ledger (default: a server of the cluster's own is started).",
        HelpName = "STRING",
    };

    /// <summary><c>--grpc</c>.</summary>
    public Option<string> Grpc { get; } = UpOptions.Address("--grpc", "Address of gRPC, at the proxy.", "127.0.0.1:5080");

    /// <summary><c>--http</c>.</summary>
    public Option<string> Http { get; } = UpOptions.Address("--http", "Address of HTTP/JSON and health, at the proxy.", "127.0.0.1:5081");

    /// <summary><c>--ports</c>.</summary>
    public Option<int> Ports { get; } = new("--ports")
    {
        Description = "First of the loopback ports behind the proxy: two for each silo, then one for PostgreSQL.",
        HelpName = "FIRST",
        DefaultValueFactory = _ => 5100,
    };

    /// <summary><c>--insecure</c>.</summary>
    public Option<bool> Insecure { get; } = new("--insecure") { Description = "Serve without keys, on loopback only." };

    /// <summary>Adds the options to a command.</summary>
    public static ClusterOptions AddTo(Command command) => new(command);

    /// <summary><c>--data</c>, also of the subcommands.</summary>
    public static Option<string?> DataOption() => new("--data")
    {
        Description = "Folder of keys, PostgreSQL's data and the proxy's files, kept (default: one that is thrown away at the end).",
        HelpName = "DIR",
    };

    private static void Within(OptionResult result, int least, int most)
    {
        if (result.Tokens is [{ } token] && int.TryParse(token.Value, out int number) && (number < least || number > most))
            result.AddError($"{result.Option.Name} is '{token.Value}': it must be between {least} and {most}");
    }
}
