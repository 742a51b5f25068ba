using System.Diagnostics;
using System.Globalization;
using System.Net;
using Settlement.Bench.Checks;
using Settlement.Bench.Payloads;
using Settlement.Http2;
using Settlement.Identity;
using Settlement.Ledger;
using Settlement.Measurement;
using Settlement.Tests.Support;

namespace Settlement.Bench;

/// <summary>
/// Three times what the server can do, most of it from one hospital: how much is still done, how long what is let in waits, whether the
/// others are served, and whether memory levels off. A connection has so many streams: what finds none waits at the hospital, and is not
/// sent when the round is over; it counts as asked for. Server and generator have a processor each where there are two, so that the load
/// takes nothing from the server: the ratio to the peak is the server's own. With <see cref="BenchOptions.Strangers"/> who asks for too
/// much has no key, and the hospital beside it works as at the peak.
/// </summary>
internal sealed class OverloadBench(BenchOptions options) : IAsyncDisposable
{
    private const int Times = 3;
    private const int Calm = 4;
    private const int Hot = 0;
    private const string Refused = "RESOURCE_EXHAUSTED";
    private const string Unknown = "UNAUTHENTICATED";

    // Warm is what no longer rises: so many stretches of load one after the other without one better by a thirtieth than the best before.
    private const int Steady = 3;
    private const int MostStretches = 20;
    private const double Rise = 1.03;

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

        long registered = Load(keys[^2], options.Connections)
            .RunClosed(connection =>
                new RegisterCalls(discharges.Persons, connection, options.Connections), options.InFlight, TimeSpan.FromMinutes(10))
            .ThrowIfFailed("registering persons").Calls;
        long settled = WarmUp(discharges);
        LoadResult before = Peak(discharges);
        settled += before.Calls;
        for (int round = 1; round <= options.Rounds; round++)
        {
            // What the machine gives changes while this runs: a round is held against the peaks right before and right after it.
            Asked asked = Overload(round, before.Rate, discharges);
            ServerMemory memory = await ServerMemory.OfAsync(process.ProcessId, new Uri(process.Http, "/metrics"));
            LoadResult after = Peak(discharges);
            settled += asked.Settled + after.Calls;
            Print(round, asked, (before.Rate + after.Rate) / 2);
            Console.WriteLine($"  server: {memory}");
            before = after;
        }

        await process.StopAsync();
        Console.WriteLine(await LedgerCheck.RunAsync(ledger, new Answered("overload", settled, registered)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Loads until the rate rises no more: the runtime has compiled what is hot, and every person is awake.</summary>
    private long WarmUp(Discharges discharges)
    {
        long settled = 0;
        double best = 0;
        int stretches = 0;
        for (int steady = 0; steady < Steady && stretches < MostStretches; stretches++)
        {
            LoadResult seen = Closed(discharges, options.Warm);
            settled += seen.Calls;
            steady = seen.Rate > best * Rise ? 0 : steady + 1;
            best = Math.Max(best, seen.Rate);
        }

        Console.WriteLine(FormattableString.Invariant(
            $"warm after {stretches} x {options.Warm.TotalSeconds:N0} s, {settled:N0} settled, at best {best:N0}/s"));
        return settled;
    }

    private LoadResult Peak(Discharges discharges)
    {
        LoadResult peak = Closed(discharges, options.Span);
        Console.WriteLine(FormattableString.Invariant(
            $"peak {peak.Rate:N0}/s with {options.InFlight} in flight, p99 {Milliseconds(peak.Latency, 99):N0} ms"));
        return peak;
    }

    private Asked Overload(int round, double peak, Discharges discharges)
    {
        LoadResult hot = new();
        LoadResult beside = new();
        LoadResult[] calm = new LoadResult[Calm];
        int storm = options.Strangers ? keys.Count - 1 : Hot;
        List<Thread> threads = [new(() => hot = Open(storm, (Times - (Calm * CalmShare)) * peak, options.Connections, round, discharges))];
        if (options.Strangers) threads.Add(new(() => beside = Closed(discharges, options.Span)));
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
            if (kind != Refused && !(options.Strangers && kind == Unknown))
                throw new InvalidOperationException($"overload: {count:N0} x {kind} ({example})");
        }

        return new Asked(hot, others, beside);
    }

    private void Print(int round, Asked asked, double peak)
    {
        double seconds = options.Span.TotalSeconds;
        double done = (asked.Hot.CallsInSpan + asked.Calm.CallsInSpan + asked.Beside.CallsInSpan) / seconds;
        double sent = (asked.Settled + RefusedOf(asked.Hot) + RefusedOf(asked.Calm)) / seconds;
        double due = sent + ((asked.Hot.Unsent + asked.Calm.Unsent) / seconds);
        Console.WriteLine(FormattableString.Invariant($"round {round}, {seconds:N1} s: {due / peak:N1} x peak asked for, ")
            + FormattableString.Invariant($"{sent / peak:N1} x peak sent, {done:N0}/s done = {done / peak:P0} of peak"));
        Print(options.Strangers ? "unknown" : "hot", asked.Hot);
        if (options.Strangers) Print("hot", asked.Beside);
        Print($"{Calm} calm", asked.Calm);
    }

    private static void Print(string who, LoadResult seen)
    {
        string times = seen.Calls == 0 ? "" : FormattableString.Invariant($"; p50 {Milliseconds(Served(seen), 50):N0}, ")
            + FormattableString.Invariant($"p99 {Milliseconds(Served(seen), 99):N0} ms from sending, ")
            + FormattableString.Invariant($"p99 {Milliseconds(seen.Latency, 99):N0} ms from when it was due");
        Console.WriteLine(FormattableString.Invariant(
            $"  {who}: {seen.Calls:N0} settled, {RefusedOf(seen):N0} refused, {seen.Unsent:N0} not sent{times}"));
    }

    // In a closed loop a call is due when it is sent.
    private static LatencyHistogram Served(LoadResult seen) => seen.Served.Count > 0 ? seen.Served : seen.Latency;

    private LoadResult Closed(Discharges discharges, TimeSpan span) => Load(keys[Hot], options.Connections)
        .RunClosed(_ => new FacilityCalls(discharges, Hot), options.InFlight, span).ThrowIfFailed("peak");

    private LoadResult Open(int hospital, double rate, int connections, int seed, Discharges discharges) =>
        Load(keys[hospital], connections).RunOpen(_ => new FacilityCalls(discharges, hospital), rate, seed, options.Span);

    private Http2Load Load(string key, int connections) => new(IPEndPoint.Parse(new Uri(process!.Address).Authority), connections)
    {
        Headers = new Dictionary<string, string> { ["authorization"] = $"Bearer {key}" },
        LeavesUnsent = true,
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
        keys.Add(new string('0', agency.Length)); // the last one is nobody's
        file.Write(Path.Combine(folder, "keys.json"));
        SiloProcess silo = new(
            Setting("SETTLEMENT_SILO"), Setting("SETTLEMENT_POLICIES"), $"Ledger:Path={ledger.Path}", $"Gateway:KeyFile={folder}/keys.json",
            "Cluster:SiloPort=0", "Cluster:GatewayPort=0");
        await silo.StartAsync();
        return silo;
    }

    private static long RefusedOf(LoadResult result) =>
        result.Failures.Where(static failure => failure.Key is Refused or Unknown).Sum(static failure => failure.Value.Count);

    private static double Milliseconds(LatencyHistogram latency, double percent) => latency.Percentile(percent) / 1e6;

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

    /// <summary>What became of a round.</summary>
    /// <param name="Hot">Who asks for too much.</param>
    /// <param name="Calm">Who asks for little, all together.</param>
    /// <param name="Beside">Who asks for all that can be done, while one without a key asks for too much.</param>
    private sealed record Asked(LoadResult Hot, LoadResult Calm, LoadResult Beside)
    {
        public long Settled => Hot.Calls + Calm.Calls + Beside.Calls;
    }
}
