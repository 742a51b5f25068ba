using Settlement.Ledger;
using Settlement.Tests.Support;
using Settlement.Torture.Relaying;

namespace Settlement.Torture.Serving;

/// <summary>
/// Everything that runs: the ledger's database, the silos as processes, a fault proxy between clients and silos, one between silos and
/// PostgreSQL, and one between silos that are a cluster. Time-outs are shorter than in life, so that faults outlast them.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string? folder;

    private Stage(
        SmallDisk? disk, string? lacking, PostgresServer? server, string? folder, LedgerOptions ledger, KeptSilo[] silos, Relay front,
        Relay? back, SiloLinks? links)
    {
        (Disk, DiskLacking, Server, this.folder, Ledger) = (disk, lacking, server, folder, ledger);
        (Silos, Front, Back, Links) = (silos, front, back, links);
    }

    /// <summary>The ledger's own disk; null where none can be had.</summary>
    public SmallDisk? Disk { get; }

    /// <summary>Why there is no disk; null where there is one, or none was asked for.</summary>
    public string? DiskLacking { get; }

    /// <summary>PostgreSQL; null with SQLite.</summary>
    public PostgresServer? Server { get; }

    /// <summary>The ledger, past the proxy.</summary>
    public LedgerOptions Ledger { get; }

    public IReadOnlyList<KeptSilo> Silos { get; }

    /// <summary>Clients to silos, one link each.</summary>
    public Relay Front { get; }

    /// <summary>Silos to PostgreSQL, one link each.</summary>
    public Relay? Back { get; }

    /// <summary>Silo to silo; null where they do not talk to each other.</summary>
    public SiloLinks? Links { get; }

    /// <summary>Where clients reach a silo.</summary>
    public string AddressOf(int silo) => $"http://127.0.0.1:{Front.Ports[silo]}";

    /// <summary>Starts all of it.</summary>
    public static async Task<Stage> OpenAsync(TortureOptions options)
    {
        (SmallDisk? disk, string? lacking) = options.Disk ? await SmallDisk.TryCreateAsync() : (null, null);
        string? folder = disk is null ? Directory.CreateTempSubdirectory("settlement-torture-").FullName : null;
        string place = disk?.Folder("ledger") ?? folder!;
        PostgresServer? server = options.Postgres
            ? await PostgresServer.StartInAsync(place, "max_wal_size=256MB", "checkpoint_timeout=30s")
            : null;
        Relay? back = server is null ? null : await Relay.StartAsync([.. Enumerable.Repeat(server.Port, options.Silos)]);
        string database = server is null ? "" : await server.CreateDatabaseAsync();
        int[] siloPorts = [.. Enumerable.Range(0, options.Silos).Select(_ => FreePort.Next())];
        SiloLinks? links = options.SilosTalk ? await SiloLinks.StartAsync(siloPorts) : null;
        KeptSilo[] silos =
        [
            .. siloPorts.Select((port, silo) => new KeptSilo(
                Silo(options, silo, port, links, LedgerOf(options, place, database, back?.Ports[silo])), silo, Patience)),
        ];
        Relay front = await Relay.StartAsync([.. silos.Select(static silo => silo.Port)]);
        Stage stage = new(disk, lacking, server, folder, LedgerAt(options, place, database), silos, front, back, links);
        // One after the other: the first makes the schema.
        foreach (KeptSilo silo in silos) await silo.BeginAsync();
        return stage;
    }

    /// <summary>Starts PostgreSQL if it does not run, again and again while its disk does not let it.</summary>
    public async Task StartDatabaseAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        while (!Server!.IsRunning)
        {
            try
            {
                await Server.StartAgainAsync();
            }
            catch (InvalidOperationException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    /// <summary>Looks whether every silo runs that nobody killed and no others voted out.</summary>
    /// <exception cref="SiloEndedException">One does not.</exception>
    public void MustAllRun()
    {
        foreach (KeptSilo silo in Silos) silo.MustBeSound();
    }

    /// <summary>Stops the silos in good order, so that the ledger can be read.</summary>
    /// <exception cref="SiloEndedException">One had ended by itself.</exception>
    public Task StopSilosAsync() => Task.WhenAll(Silos.Select(static silo => silo.StopAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (KeptSilo silo in Silos) await silo.DisposeAsync();
        await Front.DisposeAsync();
        if (Links is not null) await Links.DisposeAsync();
        if (Back is not null) await Back.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        if (Disk is not null) await Disk.DisposeAsync();
        if (folder is not null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static SiloProcess Silo(TortureOptions options, int silo, int siloPort, SiloLinks? links, string[] ledger)
    {
        string[] cluster = options.IsCluster
            ? ["Cluster:Membership=adonet", "Cluster:AdvertisedAddress=127.0.0.1", $"Cluster:SiloPort={siloPort}",
                $"Cluster:AdvertisedSiloPort={links?.Ports[silo] ?? 0}", $"Cluster:GatewayPort={FreePort.Next()}",
                "Cluster:ProbeTimeout=00:00:01"]
            : ["Cluster:SiloPort=0", "Cluster:GatewayPort=0"];
        return new SiloProcess(
            Surroundings.Silo, Surroundings.Policies,
                [.. ledger, .. cluster, "Ledger:CommandTimeout=00:00:02", "Cluster:ResponseTimeout=00:00:03",
                // What faults make them say is no news; what the product itself finds wrong is.
                "Logging:LogLevel:Grpc=None", "Logging:LogLevel:Microsoft=None", "Logging:LogLevel:Orleans=None"])
        {
            // A machine that builds beside the run takes a minute to start a silo.
            Patience = Patience,
            Started = links is null ? null : process => links.StartedAsync(silo, process),
        };
    }

    private static string[] LedgerOf(TortureOptions options, string place, string database, int? backPort) => options.Postgres
        ? ["Ledger:Provider=Postgres", $"Ledger:ConnectionString={Through(database, backPort!.Value)}"]
        : ["Ledger:Provider=Sqlite", $"Ledger:Path={Path.Combine(place, "ledger.db")}"];

    private static LedgerOptions LedgerAt(TortureOptions options, string place, string database) => options.Postgres
        ? new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = database }
        : new LedgerOptions { Path = Path.Combine(place, "ledger.db") };

    private static string Through(string connection, int port) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connection) { Port = port, Timeout = 4 }.ToString();
}
