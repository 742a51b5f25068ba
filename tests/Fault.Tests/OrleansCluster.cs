using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Ledger;
using Settlement.Tests.Support;

namespace Settlement.Fault.Tests;

/// <summary>Silos that are one Orleans cluster on PostgreSQL, and a gateway that is a client of theirs: a process each.</summary>
internal sealed class OrleansCluster : IAsyncDisposable
{
    private readonly string database;
    private readonly Dictionary<SiloProcess, ConcurrentQueue<string>> logs = [];

    private OrleansCluster(string database, IEnumerable<string[]> ofSilos, string[] ofGateway)
    {
        this.database = database;
        Silos = [.. ofSilos.Select(settings => Process("Settlement.Silo.dll", settings))];
        Gateway = Process("Settlement.GatewayHost.dll", ofGateway);
    }

    public IReadOnlyList<SiloProcess> Silos { get; }

    public SiloProcess Gateway { get; }

    /// <summary>What a process has logged since it was first started, line by line.</summary>
    public IReadOnlyCollection<string> LogOf(SiloProcess process) => logs[process];

    /// <summary>Starts them, the silos one after the other: the first makes the schema.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="ofAll">Settings of every process.</param>
    /// <param name="ofSilos">Settings of the silos.</param>
    /// <param name="ofGateway">Settings of the gateway.</param>
    public static async Task<OrleansCluster> StartAsync(int silos, string[] ofAll, string[] ofSilos, string[] ofGateway)
    {
        string database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        OrleansCluster cluster = new(
            database,
            Enumerable.Range(0, silos).Select(string[] (_) =>
            [
                "Ledger:Provider=postgres", $"Ledger:ConnectionString={database}", "Cluster:Membership=adonet",
                "Cluster:AdvertisedAddress=127.0.0.1", $"Cluster:SiloPort={FreePort()}", $"Cluster:GatewayPort={FreePort()}",
                "Gateway:DrainDelay=00:00:00.5", .. ofAll, .. ofSilos,
            ]),
            [$"Cluster:ConnectionString={database}", .. ofAll, .. ofGateway]);
        foreach (SiloProcess silo in cluster.Silos) await silo.StartAsync();
        await cluster.Gateway.StartAsync();
        return cluster;
    }

    /// <summary>Has the ledger audited and gives its settlements by request id.</summary>
    public async Task<IReadOnlyDictionary<string, LedgerEntry>> SettledAsync()
    {
        LedgerOptions options = new() { Provider = LedgerProvider.Postgres, ConnectionString = database };
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        Dictionary<string, LedgerEntry> settled = [];
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            if (entry.Kind == LedgerEntryKind.Settlement) settled.Add(entry.RequestId, entry);
        }

        return settled;
    }

    /// <summary>Asks every process to end, the gateway first, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await Gateway.StopAsync();
        foreach (SiloProcess silo in Silos) await silo.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (SiloProcess silo in Silos) await silo.DisposeAsync();
    }

    private SiloProcess Process(string program, string[] settings)
    {
        ConcurrentQueue<string> log = new();
        SiloProcess process = new(
            Path.Combine(AppContext.BaseDirectory, program), Path.Combine(AppContext.BaseDirectory, "policies"), settings)
        {
            Logged = log.Enqueue,
        };
        logs.Add(process, log);
        return process;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
