using System.Net;
using Settlement.Bench.Checks;
using Settlement.Bench.Payloads;
using Settlement.Http2;
using Settlement.Measurement;
using Settlement.Tests.Support;

namespace Settlement.Bench.Subjects;

/// <summary>A server under test in a process of its own, with its own persons and discharges.</summary>
/// <param name="name">How it is called in messages.</param>
/// <param name="process">The process, not started.</param>
/// <param name="options">Connections, persons, seed.</param>
/// <param name="check">Given how many settlements were answered, looks whether exactly those are stored.</param>
internal sealed class Subject(string name, SiloProcess process, BenchOptions options, Func<Answered, Task<string>> check) : IAsyncDisposable
{
    private long settled;
    private long registered;

    /// <summary>How it is called in messages.</summary>
    public string Name => name;

    /// <summary>What is sent to it.</summary>
    public Discharges Discharges { get; } = new(options.Persons, options.Seed);

    /// <summary>Starts the process.</summary>
    public Task StartAsync() => process.StartAsync();

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => IPEndPoint.Parse(new Uri(process.Address).Authority);

    /// <summary>Where it gives its metrics.</summary>
    public Uri Metrics => new(process.Http, "/metrics");

    /// <summary>A load on it over this many connections.</summary>
    public Http2Load Load(int connections) => new(Address, connections);

    /// <summary>Processor time of the process so far, in microseconds.</summary>
    public long ProcessorMicroseconds() => ProcessorTime.OfTree(process.ProcessId);

    /// <summary>What of it the runtime's compiler of hot methods took, in microseconds.</summary>
    public long CompilerMicroseconds() => ProcessorTime.OfThreads(process.ProcessId, ".NET Tiered Compilation Worker");

    /// <summary>Makes every person known.</summary>
    /// <exception cref="LoadFailedException">A registration failed.</exception>
    public void Register()
    {
        LoadResult result = Load(options.Connections).RunClosed(
            connection => new RegisterCalls(Discharges.Persons, connection, options.Connections), options.InFlight,
            TimeSpan.FromMinutes(10));
        registered = result.ThrowIfFailed($"{name}: registering persons").Calls;
    }

    /// <summary>Settles in a closed loop.</summary>
    public LoadResult Settle(int connections, int inFlight, TimeSpan span, bool hot = false) =>
        Count(Load(connections).RunClosed(_ => new SettleCalls(Discharges, hot), inFlight, span));

    /// <summary>Settles through the bulk stream.</summary>
    public LoadResult SettleInBulk(TimeSpan span) =>
        Count(Load(options.Connections).RunBulk(_ => new BulkSettleCalls(Discharges), options.InFlight, span));

    /// <summary>Settles at a rate, whatever the answers do.</summary>
    public LoadResult SettleAtRate(double rate, int seed, TimeSpan span) =>
        Count(Load(options.Connections).RunOpen(_ => new SettleCalls(Discharges), rate, seed, span));

    /// <summary>Stops the process and looks whether what it answered is stored; says what was found.</summary>
    /// <exception cref="InvalidOperationException">Something is missing, or too much.</exception>
    public async Task<string> StopAndCheckAsync()
    {
        await process.StopAsync();
        return await check(new Answered(name, settled, registered));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private LoadResult Count(LoadResult result)
    {
        settled += result.Calls;
        return result;
    }
}
