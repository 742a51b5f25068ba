using Settlement.Ledger;
using Settlement.Tests.Support;
using Settlement.Torture.Relaying;

namespace Settlement.Torture.Serving;

/// <summary>
/// Everything that runs: the ledger's database, the silos as processes, a fault proxy between clients and silos, and one between silos and
/// PostgreSQL. Time-outs are shorter than in life, so that faults outlast them.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string? folder;
    private readonly bool[] down;

    private Stage(
        SmallDisk? disk, string? lacking, PostgresServer? server, string? folder, LedgerOptions ledger, SiloProcess[] silos, Relay front,
        Relay? back)
    {
        (Disk, DiskLacking, Server, this.folder, Ledger) = (disk, lacking, server, folder, ledger);
        (Silos, Front, Back) = (silos, front, back);
        down = new bool[silos.Length];
    }

    /// <summary>The ledger's own disk; null where none can be had.</summary>
    public SmallDisk? Disk { get; }

    /// <summary>Why there is no disk; null where there is one, or none was asked for.</summary>
    public string? DiskLacking { get; }

    /// <summary>PostgreSQL; null with SQLite.</summary>
    public PostgresServer? Server { get; }

    /// <summary>The ledger, past the proxy.</summary>
    public LedgerOptions Ledger { get; }

    public IReadOnlyList<SiloProcess> Silos { get; }

    /// <summary>Clients to silos, one link each.</summary>
    public Relay Front { get; }

    /// <summary>Silos to PostgreSQL, one link each.</summary>
    public Relay? Back { get; }

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
        SiloProcess[] silos = [.. Enumerable.Range(0, options.Silos).Select(silo => Silo(options, silo, place, database, back))];
        Relay front = await Relay.StartAsync([.. silos.Select(static silo => new Uri(silo.Address).Port)]);
        Stage stage = new(disk, lacking, server, folder, LedgerAt(options, place, database), silos, front, back);
        // One after the other: the first makes the schema. Nothing is struck yet, so that a silo which ends says what is wrong here.
        foreach (SiloProcess silo in silos) await silo.StartAsync();
        return stage;
    }

    /// <summary>Kills a silo.</summary>
    /// <exception cref="SiloEndedException">It had ended by itself: no fault here does that to it.</exception>
    public async Task KillAsync(int silo)
    {
        MustRun(silo);
        down[silo] = true;
        await Silos[silo].KillAsync();
    }

    /// <summary>
    /// Starts a killed silo. One that finds no ledger ends again, as it should, and is started again, as a supervisor would.
    /// </summary>
    public async Task StartAsync(int silo)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            try
            {
                await Silos[silo].StartAsync();
                down[silo] = false;
                return;
            }
            catch (InvalidOperationException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
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

    /// <summary>Looks whether every silo runs that nobody killed.</summary>
    /// <exception cref="SiloEndedException">One does not.</exception>
    public void MustAllRun()
    {
        for (int silo = 0; silo < Silos.Count; silo++)
        {
            if (!down[silo]) MustRun(silo);
        }
    }

    /// <summary>Stops the silos in good order, so that the ledger can be read.</summary>
    public Task StopSilosAsync() => Task.WhenAll(Silos.Select(static silo => silo.StopAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (SiloProcess silo in Silos) await silo.DisposeAsync();
        await Front.DisposeAsync();
        if (Back is not null) await Back.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        if (Disk is not null) await Disk.DisposeAsync();
        if (folder is not null && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private void MustRun(int silo)
    {
        if (!Silos[silo].IsRunning) throw new SiloEndedException($"Silo {silo} ended by itself.");
    }

    private static SiloProcess Silo(TortureOptions options, int silo, string place, string database, Relay? back)
    {
        string[] ledger = options.Postgres
            ? ["Ledger:Provider=Postgres", $"Ledger:ConnectionString={Through(database, back!.Ports[silo])}"]
            : ["Ledger:Provider=Sqlite", $"Ledger:Path={Path.Combine(place, "ledger.db")}"];
        string[] cluster = options.IsCluster
            ? ["Cluster:Membership=adonet", "Cluster:AdvertisedAddress=127.0.0.1", $"Cluster:SiloPort={FreePort.Next()}",
                $"Cluster:GatewayPort={FreePort.Next()}"]
            : ["Cluster:SiloPort=0", "Cluster:GatewayPort=0"];
        return new SiloProcess(
            Surroundings.Silo, Surroundings.Policies,
                [.. ledger, .. cluster, "Ledger:CommandTimeout=00:00:02", "Cluster:ResponseTimeout=00:00:03",
                // What faults make them say is no news; what the product itself finds wrong is.
                "Logging:LogLevel:Grpc=None", "Logging:LogLevel:Microsoft=None", "Logging:LogLevel:Orleans=None"])
        {
            // A machine that builds beside the run takes a minute to start a silo.
            Patience = Patience,
        };
    }

    private static LedgerOptions LedgerAt(TortureOptions options, string place, string database) => options.Postgres
        ? new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = database }
        : new LedgerOptions { Path = Path.Combine(place, "ledger.db") };

    private static string Through(string connection, int port) =>
        new Npgsql.NpgsqlConnectionStringBuilder(connection) { Port = port, Timeout = 4 }.ToString();
}

/// <summary>A silo ended that nobody had killed.</summary>
internal sealed class SiloEndedException(string message) : Exception(message);
