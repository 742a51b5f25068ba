using System.Diagnostics;
using System.Globalization;
using System.Net;
using Settlement.Bench.Checks;
using Settlement.Bench.Payloads;
using Settlement.Http2;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Tests.Support;

namespace Settlement.Bench;

/// <summary>
/// Three times what the server can do, most of it from one hospital: how much is still done, how long what is let in waits, whether the
/// others are served, and whether memory grows. Server and generator have a processor each where there are two, so that the load takes
/// nothing from the server: the ratio to the peak is the server's own.
/// </summary>
internal sealed class OverloadBench(BenchOptions options) : IAsyncDisposable
{
    private const int Times = 3;
    private const int Calm = 4;
    private const int Hot = 0;
    private const string Refused = "RESOURCE_EXHAUSTED";

    // Each calm hospital asks for a twentieth of what the server can do: a quarter of its fair share.
    private const double CalmShare = 0.05;

    private readonly string folder = Directory.CreateTempSubdirectory("settlement-overload-").FullName;
    private readonly List<string> keys = [];
    private SiloProcess? process;

    /// <summary>Runs it and prints what was seen.</summary>
    /// <exception cref="InvalidOperationException">A call failed otherwise than by being refused as busy, or the ledger does not hold what
    /// was answered.</exception>
    public async Task RunAsync()
    {
        LedgerOptions ledger = new() { Path = Path.Combine(folder, "ledger.db") };
        Discharges discharges = new(options.Persons, options.Seed);
        process = await StartAsync(ledger);
        bool apart = Pin(process.ProcessId, "0") && Pin(Environment.ProcessId, "1");
        Console.WriteLine(apart
            ? "server on one processor, load on another"
            : "server and load share the processors: the load takes part of what there is");

        long registered = Load(keys[^1], options.Connections)
            .RunClosed(connection =>
                new RegisterCalls(discharges.Persons, connection, options.Connections), options.InFlight, TimeSpan.FromMinutes(10))
            .ThrowIfFailed("registering persons").Calls;
        long settled = Closed(discharges, options.Warm).Calls;
        LoadResult peak = Closed(discharges, options.Span);
        settled += peak.Calls;
        Console.WriteLine(
            FormattableString.Invariant($"peak {peak.Rate:N0}/s with {options.InFlight} in flight, p99 {Milliseconds(peak, 99):N0} ms"));
        double before = Memory();
        for (int round = 1; round <= options.Rounds; round++) settled += Round(round, peak.Rate, discharges);
        Console.WriteLine(FormattableString.Invariant($"server memory {before:N0} MiB before, {Memory():N0} MiB after"));
        await process.StopAsync();
        Console.WriteLine(await LedgerCheck.RunAsync(ledger, new Answered("overload", settled, registered)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private long Round(int round, double peak, Discharges discharges)
    {
        LoadResult hot = new();
        LoadResult[] calm = new LoadResult[Calm];
        List<Thread> threads = [new(() => hot = Open(Hot, (Times - (Calm * CalmShare)) * peak, options.Connections, round, discharges))];
        for (int i = 0; i < Calm; i++)
        {
            int hospital = i + 1;
            threads.Add(new(() => calm[hospital - 1] = Open(hospital, CalmShare * peak, 1, round, discharges)));
        }

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        LoadResult others = new();
        foreach (LoadResult one in calm) others.Add(one);
        foreach ((string kind, (long count, string example)) in hot.Failures.Concat(others.Failures))
        {
            if (kind != Refused) throw new InvalidOperationException($"overload: {count:N0} x {kind} ({example})");
        }

        double done = (hot.Calls + others.Calls) / Math.Max(hot.Duration.TotalSeconds, others.Duration.TotalSeconds);
        Console.WriteLine(FormattableString.Invariant(
            $"round {round}: {Times} x peak asked for, {done:N0}/s done = {done / peak:P0} of peak; hot: {hot.Calls:N0} settled, {RefusedOf(hot):N0} refused, p99 {Milliseconds(hot, 99):N0} ms; ")
            + FormattableString.Invariant(
                $"{Calm} calm: {others.Calls:N0} settled, {RefusedOf(others):N0} refused, p99 {Milliseconds(others, 99):N0} ms"));
        return hot.Calls + others.Calls;
    }

    private LoadResult Closed(Discharges discharges, TimeSpan span) => Load(keys[Hot], options.Connections)
        .RunClosed(_ => new FacilityCalls(discharges, Hot), options.InFlight, span).ThrowIfFailed("peak");

    private LoadResult Open(int hospital, double rate, int connections, int seed, Discharges discharges) =>
        Load(keys[hospital], connections).RunOpen(_ => new FacilityCalls(discharges, hospital), rate, seed, options.Span);

    private Http2Load Load(string key, int connections) => new(IPEndPoint.Parse(new Uri(process!.Address).Authority), connections)
    {
        Headers = new Dictionary<string, string> { ["authorization"] = $"Bearer {key}" },
    };

    private async Task<SiloProcess> StartAsync(LedgerOptions ledger)
    {
        KeyFile file = new();
        for (int hospital = 0; hospital <= Calm; hospital++)
        {
            (string text, file) = file.Add(
                Role.Facility, new RegisteredFacility { Code = Discharges.FacilityCode(hospital), RequestsPerSecond = 0 },
                DateTimeOffset.UnixEpoch);
            keys.Add(text);
        }

        (string agency, file) = file.Add(Role.Agency, null, DateTimeOffset.UnixEpoch);
        keys.Add(agency);
        file.Write(Path.Combine(folder, "keys.json"));
        SiloProcess silo = new(
            Setting("SETTLEMENT_SILO"), Setting("SETTLEMENT_POLICIES"), $"Ledger:Path={ledger.Path}", $"Gateway:KeyFile={folder}/keys.json",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0");
        await silo.StartAsync();
        return silo;
    }

    private double Memory()
    {
        using Process watched = Process.GetProcessById(process!.ProcessId);
        return watched.WorkingSet64 / (double)(1 << 20);
    }

    private static long RefusedOf(LoadResult result) =>
        result.Failures.TryGetValue(Refused, out (long Count, string) refused) ? refused.Count : 0;

    private static double Milliseconds(LoadResult result, double percent) => result.Latency.Percentile(percent) / 1e6;

    // Every thread that the process has; later ones inherit it from those.
    private static bool Pin(int processId, string processor)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2) return false;
        using Process taskset = Process.Start(
            new ProcessStartInfo(
                "taskset", ["-a", "-c", "-p", processor, processId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true,
                RedirectStandardError = true })!;
        taskset.WaitForExit();
        return taskset.ExitCode == 0;
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run the benchmark with './settlement bench'.");
}
