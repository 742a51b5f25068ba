using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Ledger;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Fault.Tests;

/// <summary>A silo that is killed (SIGKILL) in the middle of its work and started again on the same ledger, and a client of it.</summary>
internal sealed class KilledSilo : IAsyncDisposable
{
    private readonly LedgerOptions options;
    private readonly SiloProcess process;

    private KilledSilo(LedgerOptions options)
    {
        this.options = options;
        process = new SiloProcess(
            Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"), Path.Combine(AppContext.BaseDirectory, "policies"),
            $"Ledger:Provider={options.Provider}", $"Ledger:Path={options.Path}", $"Ledger:ConnectionString={options.ConnectionString}");
        Channel = GrpcChannel.ForAddress(process.Address);
    }

    /// <summary>The connection, which outlives the kills.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Starts it on a ledger.</summary>
    public static async Task<KilledSilo> StartAsync(LedgerOptions options)
    {
        KilledSilo silo = new(options);
        await silo.process.StartAsync();
        return silo;
    }

    /// <summary>An embedded ledger of its own.</summary>
    public static Task<LedgerOptions> OnSqlite() =>
        Task.FromResult(new LedgerOptions { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db") });

    /// <summary>A ledger of its own on a real PostgreSQL server.</summary>
    public static async Task<LedgerOptions> OnPostgres() => new()
    {
        Provider = LedgerProvider.Postgres,
        ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    };

    /// <summary>The random numbers of a run, whose seed is printed; SETTLEMENT_SEED takes another.</summary>
    public static Random Seeded(ITestOutputHelper output, out int seed)
    {
        seed = FromEnvironment("SETTLEMENT_SEED", Random.Shared.Next(1_000_000));
        output.WriteLine($"seed {seed} (repeat with SETTLEMENT_SEED={seed})");
        return new Random(seed);
    }

    /// <summary>A number that whoever runs the tests may set.</summary>
    public static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Whether a call failed because the silo was killed: its outcome is unknown until it is asked for again.</summary>
    public static bool IsKilled(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown;

    /// <summary>Has several workers work until so much is done or all have ended, then kills the silo and starts it again.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="enough">How much is done when it is killed.</param>
    /// <param name="work">What the worker of a number does as its n-th work; false ends the worker, as when the silo was killed.</param>
    public async Task KillWhileAsync(int workers, int enough, Func<int, int, Task<bool>> work)
    {
        int done = 0;
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] load = [.. Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; await work(worker, i); i++)
            {
                if (Interlocked.Increment(ref done) >= enough) reached.TrySetResult();
            }
        }))];
        await Task.WhenAny(reached.Task, Task.WhenAll(load)).WaitAsync(TimeSpan.FromSeconds(120));
        await process.KillAsync();
        await Task.WhenAll(load);
        await process.StartAsync();
    }

    /// <summary>Kills it for good, has its ledger audited, and gives every entry.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EndAsync()
    {
        await process.KillAsync();
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        List<LedgerEntry> entries = [];
        await foreach (LedgerEntry entry in store.ScanAsync()) entries.Add(entry);
        return entries;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await process.DisposeAsync();
    }
}
