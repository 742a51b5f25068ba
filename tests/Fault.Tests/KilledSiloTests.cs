using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Tests.Support;
using Xunit.Abstractions;

namespace Settlement.Fault.Tests;

/// <summary>
/// kill -9 of the silo under load, again and again. What was acknowledged is in the ledger once; every request sent again gets the first
/// answer byte for byte; what was never acknowledged is there once or not at all.
/// </summary>
public abstract class KilledSiloTests(Func<Task<LedgerOptions>> ledger, ITestOutputHelper output)
{
    private const int Persons = 40;
    private const int Clients = 32;

    /// <summary>Kills in a normal run; SETTLEMENT_KILLS asks for more.</summary>
    private const int DefaultKills = 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_settled_twice()
    {
        int seed = FromEnvironment("SETTLEMENT_SEED", Random.Shared.Next(1_000_000));
        int kills = FromEnvironment("SETTLEMENT_KILLS", DefaultKills);
        output.WriteLine($"seed {seed}, {kills} kills (repeat with SETTLEMENT_SEED={seed} SETTLEMENT_KILLS={kills})");
        Random random = new(seed);
        LedgerOptions options = await ledger();
        await using SiloProcess silo = new(
            Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"), Path.Combine(AppContext.BaseDirectory, "policies"), $"Ledger:Provider={options.Provider}", $"Ledger:Path={options.Path}", $"Ledger:ConnectionString={options.ConnectionString}");
        await silo.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(silo.Address);
        Contract.Settlement.SettlementClient client = new(channel);
        Enrolment.EnrolmentClient enrolment = new(channel);
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Requests.Register($"P{person}"));

        ConcurrentDictionary<string, SettleRequest> sent = [];
        ConcurrentDictionary<string, ByteString> acknowledged = [];
        for (int kill = 1; kill <= kills; kill++)
        {
            using CancellationTokenSource stop = new();
            int before = acknowledged.Count;
            int target = before + random.Next(50, 400);
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] load = [.. Enumerable.Range(0, Clients).Select(c => Task.Run(() => Load(kill, c, seed, target, enough, stop.Token)))];
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await silo.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
            await silo.StartAsync();
            string[] again = [.. sent.Keys.Where(id => !acknowledged.ContainsKey(id)), .. acknowledged.Keys.Order().Where((_, i) => i % 7 == kill % 7)];
            await Parallel.ForEachAsync(again, async (id, ending) =>
            {
                ByteString answer = (await client.SettleAsync(sent[id], cancellationToken: ending)).ToByteString();
                Assert.Equal(acknowledged.GetOrAdd(id, answer), answer);
            });
            output.WriteLine($"kill {kill}: {acknowledged.Count - before} settlements acknowledged, {again.Length} requests repeated");
        }

        await silo.KillAsync();
        await CheckLedger(options, sent, acknowledged);

        async Task Load(int round, int number, int loadSeed, int enoughAt, TaskCompletionSource reached, CancellationToken stopping)
        {
            Random own = new(HashCode.Combine(loadSeed, round, number));
            for (int i = 0; !stopping.IsCancellationRequested; i++)
            {
                string id = $"k{round}-{number}-{i}";
                SettleRequest request = Requests.Settle($"P{own.Next(Persons)}", id, Requests.Inpatient(own.Next(1, 3_000_000)));
                sent[id] = request;
                try
                {
                    acknowledged[id] = (await client.SettleAsync(request, cancellationToken: stopping)).ToByteString();
                }
                catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown)
                {
                    return; // killed: the outcome is unknown until it is asked for again
                }

                if (acknowledged.Count >= enoughAt) reached.TrySetResult();
            }
        }
    }

    private async Task CheckLedger(
        LedgerOptions options, ConcurrentDictionary<string, SettleRequest> sent, ConcurrentDictionary<string, ByteString> acknowledged)
    {
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        Dictionary<string, LedgerEntry> settled = [];
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            if (entry.Kind == LedgerEntryKind.Settlement) settled.Add(entry.RequestId, entry);
        }

        Assert.Equal(sent.Keys.Order(), settled.Keys.Order());
        foreach ((string id, ByteString answer) in acknowledged) Assert.Equal(answer.ToByteArray(), settled[id].Answer.ToArray());
        output.WriteLine($"{settled.Count} settlements in the ledger, each once, each answered with its first answer; the audit finds nothing");
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledSiloTests(ITestOutputHelper output) : KilledSiloTests(
    () => Task.FromResult(new LedgerOptions { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db") }),
    output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledSiloTests(ITestOutputHelper output) : KilledSiloTests(
    async () => new LedgerOptions
    {
        Provider = LedgerProvider.Postgres,
        ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    },
    output);
