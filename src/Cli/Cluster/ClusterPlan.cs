using System.CommandLine;
using Settlement.Cli.Client;
using Settlement.Cli.Serving;

namespace Settlement.Cli.Cluster;

/// <summary>Everything that is decided before anything is started: folders and addresses.</summary>
/// <param name="Folder">Folder of the cluster.</param>
/// <param name="IsKept">Whether it stays at the end.</param>
/// <param name="Silos">How many.</param>
/// <param name="FirstPort">First port behind the proxy.</param>
/// <param name="Grpc">The proxy's address for gRPC.</param>
/// <param name="Http">The proxy's address for HTTP/JSON.</param>
/// <param name="Connection">PostgreSQL given; null: the cluster's own.</param>
/// <param name="Insecure">Whether callers need no key.</param>
internal sealed record ClusterPlan(
    DataFolder Folder, bool IsKept, int Silos, int FirstPort, string Grpc, string Http, string? Connection, bool Insecure)
{
    // How long a silo goes on serving after it has said that it is not ready: longer than who looks at it every half second needs.
    private static readonly TimeSpan DrainDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>Port of the cluster's own PostgreSQL.</summary>
    public int PostgresPort => FirstPort + (2 * Silos);

    /// <summary>Where the restart command is listened for.</summary>
    public string ControlSocket => SocketIn(Folder);

    /// <summary>PostgreSQL's folder.</summary>
    public string PostgresFolder => Path.Combine(Folder.Path, "postgres");

    /// <summary>nginx' folder.</summary>
    public string ProxyFolder => Path.Combine(Folder.Path, "proxy");

    /// <summary>The silos as the proxy sees them.</summary>
    public IReadOnlyList<ProxiedSilo> Proxied =>
        [.. Enumerable.Range(0, Silos).Select(number => new ProxiedSilo(GrpcOf(number), HttpOf(number)))];

    /// <summary>What the silo of a number, from 0, is called.</summary>
    public static string NameOf(int number) => $"silo-{number + 1}";

    /// <summary>The control socket of a cluster's folder.</summary>
    public static string SocketIn(DataFolder folder) => Path.Combine(folder.Path, "control.sock");

    /// <summary>Reads the options.</summary>
    public static ClusterPlan Of(ClusterOptions options, ParseResult parsed)
    {
        string? data = parsed.GetValue(options.Data);
        return new ClusterPlan(
            new DataFolder(data ?? Directory.CreateTempSubdirectory("settlement-cluster-").FullName),
            data is not null,
            parsed.GetValue(options.Silos),
            parsed.GetValue(options.Ports),
            parsed.GetValue(options.Grpc)!,
            parsed.GetValue(options.Http)!,
            parsed.GetValue(options.Connection),
            parsed.GetValue(options.Insecure));
    }

    /// <summary>Makes sure that nobody listens where the cluster will.</summary>
    /// <exception cref="CliException">Somebody does.</exception>
    public void EnsureFree()
    {
        ServerPlan.EnsureFree("--grpc", Grpc);
        ServerPlan.EnsureFree("--http", Http);
        foreach (ProxiedSilo silo in Proxied)
        {
            ServerPlan.EnsureFree("--ports:", silo.Grpc);
            ServerPlan.EnsureFree("--ports:", silo.Http);
        }

        if (Connection is null) ServerPlan.EnsureFree("--ports:", $"127.0.0.1:{PostgresPort}");
    }

    /// <summary>The silo of a number, from 0.</summary>
    public ServerPlan Silo(int number, string connection, CliHost host) => new()
    {
        Program = ServerPlan.FindProgram(host),
        Grpc = ServerPlan.Callable(GrpcOf(number)),
        Http = ServerPlan.Callable(HttpOf(number)),
        Environment = new() { ["Ledger__ConnectionString"] = connection },
        Arguments =
        [
            "--Ledger:Provider=postgres",
            "--Cluster:SiloPort=0",
            "--Cluster:GatewayPort=0",
            $"--Cluster:NodeName={NameOf(number)}",
            $"--Gateway:GrpcAddress={GrpcOf(number)}",
            $"--Gateway:HttpAddress={HttpOf(number)}",
            $"--Gateway:KeyFile={Folder.KeyFile}",
            $"--Console:KeyRing={Folder.ConsoleKeys}",
            $"--Gateway:Insecure={(Insecure ? "true" : "false")}",
            $"--Gateway:DrainDelay={DrainDelay:c}",
            $"--Policies:Directory={Path.Combine(host.Root, "policies")}",
        ],
    };

    private string GrpcOf(int number) => $"127.0.0.1:{FirstPort + (2 * number)}";

    private string HttpOf(int number) => $"127.0.0.1:{FirstPort + (2 * number) + 1}";
}
