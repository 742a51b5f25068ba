// Durable appends a second, the layer below the grain: `dotnet run -c Release --project load/LedgerBench -- [sqlite|postgres] [seconds] [in
// flight] [writers] [closed periods]`. Closed loop: each lane appends its next entry when the last one is durable. 600 bytes of blobs in
// every entry, 10 persons for each lane in turn. Before it is measured, each closed period is written to for as many seconds as the
// measurement lasts. Any outcome but Appended ends the run, and afterwards every chain is read back and checked.
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Ledger;
using Settlement.LedgerBench;
using Settlement.Tests.Support;

string provider = args.ElementAtOrDefault(0) ?? "sqlite";
TimeSpan length = TimeSpan.FromSeconds(int.Parse(args.ElementAtOrDefault(1) ?? "10"));
int inFlight = int.Parse(args.ElementAtOrDefault(2) ?? "256");
int writers = int.Parse(args.ElementAtOrDefault(3) ?? "0");
int closedPeriods = int.Parse(args.ElementAtOrDefault(4) ?? "0");

string folder = Directory.CreateTempSubdirectory("settlement-bench-").FullName;
PostgresServer? server = provider == "postgres" ? await PostgresServer.StartAsync("shared_buffers=512MB", "max_wal_size=4GB") : null;
try
{
    LedgerOptions options = server is null
        ? new LedgerOptions { Path = Path.Combine(folder, "ledger.db") }
        : new LedgerOptions { Provider = LedgerProvider.Postgres, ConnectionString = await server.CreateDatabaseAsync() };
    options.Writer.Count = writers;
    await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
    await store.InitialiseAsync();
    AppendLoad load = new(inFlight);
    await using (LedgerWriter writer = new(store, options.Writer, TimeProvider.System, NullLogger<LedgerWriter>.Instance))
    {
        for (int period = 1; period <= closedPeriods; period++)
        {
            await load.RunAsync(writer, length);
            await (store.Periods ?? throw new InvalidOperationException("SQLite has no periods.")).TurnAsync($"{period}");
        }
        await load.RunAsync(writer, TimeSpan.FromSeconds(2));
        load.Reset();
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        await load.RunAsync(writer, length);
        TimeSpan took = watch.Elapsed;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        processor = Environment.CpuUsage.TotalTime - processor;
        Console.WriteLine(
            $"{store.Description}: {load.Count / took.TotalSeconds:N0} appends/s, {inFlight} in flight, {(writers == 0 ? store.DefaultWriterCount : writers)} writer(s), {closedPeriods} closed period(s); "
            + $"p50 {load.Percentile(50):N2} ms, p99 {load.Percentile(99):N2} ms, p99.9 {load.Percentile(99.9):N2} ms; {allocated / load.Count:N0} bytes allocated and "
            + $"{processor.TotalMicroseconds / load.Count:N0} us of processor an append");
    }
    Console.WriteLine($"checked {await load.CheckAsync(store):N0} entries: chains sound, nothing missing, nothing besides");
}
finally
{
    if (server is not null) await server.DisposeAsync();
    Directory.Delete(folder, recursive: true);
}
