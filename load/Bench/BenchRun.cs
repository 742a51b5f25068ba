using Google.Protobuf;
using Settlement.Bench.Payloads;
using Settlement.Bench.Subjects;
using Settlement.Contract;
using Settlement.Http2;

namespace Settlement.Bench;

/// <summary>Starts what is measured, runs it turn about, and checks what was stored.</summary>
internal sealed class BenchRun(BenchOptions options) : IAsyncDisposable
{
    private static readonly string[] Ours =
    [
        Scenarios.Empty, Scenarios.SettlePostgres, Scenarios.Hot, Scenarios.Bulk, Scenarios.InsertAlone, Scenarios.OpenPostgres,
    ];

    private static readonly string[] WithoutDatabase =
        [Scenarios.Grain, Scenarios.GrainRules, Scenarios.SettleSqlite, Scenarios.OpenSqlite, Scenarios.DiskAlone];

    // A server is warm when its compiler takes less of one processor than this.
    private const double CompilerShare = 0.02;

    private readonly string folder = Directory.CreateTempSubdirectory("settlement-bench-").FullName;
    private readonly List<Subject> subjects = [];
    private readonly List<Lap> laps = [];
    private readonly List<Lap> openLaps = [];
    private readonly List<Figures> measured = [];
    private readonly List<Scraper> scrapers = [];
    private BenchDatabase? database;
    private Pgbench? pgbench;
    private InsertAlone? insertAlone;
    private DiskAlone? diskAlone;
    private Collector? collector;

    /// <summary>What stands under all: for the head of the report.</summary>
    public string Description => database?.Description ?? "no PostgreSQL";

    /// <summary>Measures everything that is asked for.</summary>
    /// <exception cref="LoadFailedException">A call failed.</exception>
    /// <exception cref="InvalidOperationException">Something could not be started, or what is stored is not what was answered.</exception>
    public async Task<IReadOnlyList<Figures>> RunAsync()
    {
        Say("starting the database and the servers");
        await PrepareAsync();
        await WarmUpAsync();
        await RoundsAsync(laps);
        await RoundsAsync(openLaps);
        foreach (Scraper scraper in scrapers) Say($"  {await scraper.StopAsync()}");
        if (database is not null) Say($"  {await database.LogUseAsync()}");
        Say("checking what was stored");
        foreach (Subject subject in subjects) Say($"  {subject.Name}: {await subject.StopAndCheckAsync()}");
        if (pgbench is not null) Say($"  pgbench: {await pgbench.CheckAsync()}");
        if (collector is not null) Say($"  collector: {collector.Received()}");
        if (insertAlone is not null) Say($"  {Scenarios.InsertAlone}: {await insertAlone.CheckAsync()}");
        return measured;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Scraper scraper in scrapers) await scraper.DisposeAsync();
        foreach (Subject subject in subjects) await subject.DisposeAsync();
        if (insertAlone is not null) await insertAlone.DisposeAsync();
        diskAlone?.Dispose();
        if (collector is not null) await collector.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void Say(string what) => Console.Error.WriteLine(what);

    /// <summary>
    /// Runs each scenario until its server's compiler has little left to do. For the first half minute of load it takes up to a third of a
    /// processor, and what runs meanwhile is slower than what it makes of it: neither is what a server costs that was not just started.
    /// </summary>
    private async Task WarmUpAsync()
    {
        Say($"warming up {laps.Count} scenarios");
        List<Lap> cold = laps;
        for (int turn = 1; cold.Count > 0 && turn <= options.MostWarmLaps; turn++)
        {
            List<Lap> next = [];
            foreach (Lap lap in cold)
            {
                long compiled = lap.Server?.CompilerMicroseconds() ?? 0;
                await lap.MeasureAsync(database, options.Warm, 0);
                if (lap.Server?.CompilerMicroseconds() - compiled > CompilerShare * options.Warm.TotalMicroseconds) next.Add(lap);
            }

            cold = next;
        }

        if (cold.Count > 0 && options.MostWarmLaps > 1) Say($"  still compiling: {string.Join(", ", cold.Select(lap => lap.Scenario))}");
    }

    private async Task RoundsAsync(List<Lap> turns)
    {
        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Lap lap in turns)
            {
                Figures figures = await lap.MeasureAsync(database, options.Span, round);
                measured.Add(figures);
                Say($"  round {round}  {lap.Scenario,-16} {figures.Rate,10:N0}/s");
            }
        }
    }

    private async Task PrepareAsync()
    {
        if (Scenarios.Names.Except(WithoutDatabase).Any(options.Wants))
            database = await BenchDatabase.StartAsync(options.Connection, options.LogFiles);
        SubjectFactory factory = new(options, database, folder);
        Subject? postgres = Ours.Any(options.Wants) ? await StartAsync(await factory.OursOnPostgresAsync()) : null;
        Subject? sqlite = options.Wants(Scenarios.SettleSqlite) || options.Wants(Scenarios.OpenSqlite)
            ? await StartAsync(factory.OursOnSqlite())
            : null;

        Add(Scenarios.Empty, postgres, false, (span, _) => Ping(postgres!, span));
        if (options.Wants(Scenarios.Grain))
        {
            Subject counter = factory.InMemory(Scenarios.Grain);
            await StartAsync(counter, register: false);
            Add(Scenarios.Grain, counter, false, (span, _) => Count(counter, span));
        }

        if (options.Wants(Scenarios.GrainRules))
            await AddSettlingAsync(Scenarios.GrainRules, factory.InMemory(Scenarios.GrainRules), false);
        Add(Scenarios.SettlePostgres, postgres, true, (span, _) => postgres!.Settle(options.Connections, options.InFlight, span));
        if (options.Wants(Scenarios.Beside)) await AddSettlingAsync(Scenarios.Beside, await factory.BesideAsync(options.Beside), true);
        Add(Scenarios.SettleSqlite, sqlite, false, (span, _) => sqlite!.Settle(options.Connections, options.InFlight, span));
        Add(Scenarios.Hot, postgres, true, (span, _) => postgres!.Settle(options.Connections, options.InFlight, span, hot: true));
        Add(Scenarios.Bulk, postgres, true, (span, _) => postgres!.SettleInBulk(span));
        foreach (string kind in (string[])[Scenarios.OneStatement, Scenarios.GrainState, Scenarios.RowLock])
        {
            if (options.Wants(kind)) await AddSettlingAsync(kind, await factory.StoredAsync(kind), true);
        }

        await AddTellingAsync(factory);
        await AddPgbenchAsync();
        if (options.Wants(Scenarios.SettleAlone)) await AddSettleAloneAsync(factory);
        if (options.Wants(Scenarios.InsertAlone)) await AddInsertAloneAsync(factory, postgres!);
        AddOpen(Scenarios.OpenPostgres, Scenarios.SettlePostgres, postgres, true);
        AddOpen(Scenarios.OpenSqlite, Scenarios.SettleSqlite, sqlite, false);
        if (options.Wants(Scenarios.DiskAlone)) AddDiskAlone();
    }

    /// <summary>Between the rounds of the open loops: the disk is not the same for long.</summary>
    private void AddDiskAlone()
    {
        diskAlone = new DiskAlone(folder, options.Seed);
        openLaps.Add(new Lap(Scenarios.DiskAlone, null, false, (span, _) => Task.FromResult(diskAlone.Run(span))));
    }

    private async Task<Subject> StartAsync(Subject subject, bool register = true)
    {
        subjects.Add(subject);
        await subject.StartAsync();
        if (register) subject.Register();
        return subject;
    }

    private void Add(string scenario, Subject? server, bool usesDatabase, Func<TimeSpan, int, LoadResult> run)
    {
        if (options.Wants(scenario)) laps.Add(new Lap(scenario, server, usesDatabase, (span, round) => Task.FromResult(run(span, round))));
    }

    private async Task AddSettlingAsync(string scenario, Subject subject, bool usesDatabase)
    {
        await StartAsync(subject);
        Add(scenario, subject, usesDatabase, (span, _) => subject.Settle(options.Connections, options.InFlight, span));
    }

    /// <summary>The same load on a silo that tells nothing, and on silos that tell more and more.</summary>
    private async Task AddTellingAsync(SubjectFactory factory)
    {
        if (options.Wants(Scenarios.Untold)) await AddTellingAsync(factory, Scenarios.Untold, "Telemetry:Metrics=false");
        if (options.Wants(Scenarios.Metered)) Scrape(await AddTellingAsync(factory, Scenarios.Metered));
        if (!options.Wants(Scenarios.Told) && !options.Wants(Scenarios.Traced)) return;
        collector = new Collector();
        string sent = $"Telemetry:OtlpEndpoint={collector.Endpoint}";
        if (options.Wants(Scenarios.Told)) Scrape(await AddTellingAsync(factory, Scenarios.Told, sent));
        if (options.Wants(Scenarios.Traced)) Scrape(await AddTellingAsync(factory, Scenarios.Traced, sent, "Telemetry:TraceRatio=1"));
    }

    private async Task<Subject> AddTellingAsync(SubjectFactory factory, string scenario, params string[] telemetry)
    {
        Subject subject = await factory.OursApartAsync(scenario, telemetry);
        await AddSettlingAsync(scenario, subject, true);
        return subject;
    }

    private void Scrape(Subject subject) => scrapers.Add(new Scraper(subject));

    private async Task AddPgbenchAsync()
    {
        if (!options.Wants(Scenarios.Pgbench64) && !options.Wants(Scenarios.Pgbench16)) return;
        pgbench = new Pgbench(await database!.CreateAsync("pgbench"), folder, options.Scale, options.Seed);
        await pgbench.PrepareAsync();
        foreach ((string scenario, int clients) in ((string, int)[])[(Scenarios.Pgbench64, 64), (Scenarios.Pgbench16, 16)])
        {
            if (options.Wants(scenario)) laps.Add(new Lap(scenario, null, true, (span, _) => pgbench.RunAsync(clients, span)));
        }
    }

    private async Task AddSettleAloneAsync(SubjectFactory factory)
    {
        // Its ledger holds what it wrote itself, as the table does into which a statement inserts alone.
        Subject alone = await StartAsync(await factory.OursApartAsync(Scenarios.SettleAlone));
        Add(Scenarios.SettleAlone, alone, true, (span, _) => alone.Settle(1, 1, span));
    }

    private async Task AddInsertAloneAsync(SubjectFactory factory, Subject postgres)
    {
        // The row it inserts is a real settlement, so there must be one.
        postgres.Settle(1, 1, TimeSpan.FromMilliseconds(100)).ThrowIfFailed(Scenarios.InsertAlone);
        insertAlone = await InsertAlone.PrepareAsync(await database!.CreateAsync(Scenarios.InsertAlone), factory.OursConnection);
        Add(Scenarios.InsertAlone, null, true, (span, _) => insertAlone.Run(span));
    }

    /// <summary>Half of what the closed loop of this run reached, in its median round.</summary>
    private void AddOpen(string scenario, string peak, Subject? subject, bool usesDatabase)
    {
        if (!options.Wants(scenario)) return;
        if (!options.Wants(peak)) throw new ArgumentException($"--only {scenario} needs {peak}, too: its rate is half of that one's.");
        openLaps.Add(new Lap(scenario, subject, usesDatabase, (span, round) => Task.FromResult(subject!.SettleAtRate(
            Median.Of(measured.Where(figures => figures.Scenario == peak).Select(figures => figures.Rate)) / 2, options.Seed + round,
            span))));
    }

    private LoadResult Ping(Subject subject, TimeSpan span) => subject.Load(options.Connections).RunClosed(
        _ => new FixedCall("/settlement.v1.Settlement/Ping", new PingRequest().ToByteArray()), options.InFlight, span);

    private LoadResult Count(Subject subject, TimeSpan span) => subject.Load(options.Connections).RunClosed(
        connection => new CounterCalls(subject.Discharges, connection, options.Connections), options.InFlight, span);
}
