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
/// kill -9 of the silo while it corrects: each correction is in the ledger whole or not at all, and asked for again with its request id it
/// gets the answer it had, or is done once.
/// </summary>
public abstract class KilledCorrectionTests(Func<Task<LedgerOptions>> ledger, ITestOutputHelper output)
{
    private const int Persons = 4;
    private const int SettlementsEach = 8;
    private const int Kills = 3;

    [Fact]
    public async Task A_correction_is_there_whole_or_not_at_all_and_once()
    {
        int seed = Environment.GetEnvironmentVariable("SETTLEMENT_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed} (repeat with SETTLEMENT_SEED={seed})");
        Random random = new(seed);
        LedgerOptions options = await ledger();
        await using SiloProcess silo = new(
            Path.Combine(AppContext.BaseDirectory, "Settlement.Silo.dll"), Path.Combine(AppContext.BaseDirectory, "policies"),
            $"Ledger:Provider={options.Provider}", $"Ledger:Path={options.Path}", $"Ledger:ConnectionString={options.ConnectionString}");
        await silo.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(silo.Address);
        Contract.Settlement.SettlementClient client = new(channel);
        Agency.AgencyClient agency = new(channel);
        string[] wrong = await Task.WhenAll(Enumerable.Range(0, Persons).Select(person => SettleAsync(channel, client, person)));

        ConcurrentDictionary<string, CorrectRequest> sent = [];
        ConcurrentDictionary<string, ByteString> acknowledged = [];
        for (int kill = 1; kill <= Kills; kill++)
        {
            int target = acknowledged.Count + random.Next(4, 16);
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] load = [.. Enumerable.Range(0, Persons).Select(person => Task.Run(() => CorrectUntilKilledAsync(person, kill, target, enough)))];
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(120));
            await silo.KillAsync();
            await Task.WhenAll(load);
            await silo.StartAsync();
            string[] again = [.. sent.Keys.Where(id => !acknowledged.ContainsKey(id)), .. acknowledged.Keys.Order().Where((_, i) => i % 5 == kill % 5)];
            foreach (string id in again)
            {
                CorrectRequest request = sent[id];
                CorrectResponse answer = await agency.CorrectAsync(request);
                Assert.Equal(acknowledged.GetOrAdd(id, answer.ToByteString()), answer.ToByteString());
                int person = int.Parse(id.Split('-')[1], CultureInfo.InvariantCulture);
                if (request.SettlementId == wrong[person]) wrong[person] = answer.ReplacedBy;
            }
        }

        await silo.KillAsync();
        await CheckLedgerAsync(options, sent.Count);

        async Task CorrectUntilKilledAsync(int person, int round, int enoughAt, TaskCompletionSource reached)
        {
            for (int i = 0; ; i++)
            {
                string id = $"k{round}-{person}-{i}";
                Claim claim = Requests.Inpatient(3_000_000 + i);
                claim.Facility.Level = i % 2 == 0 ? Facility.Types.Level._1 : Facility.Types.Level._3;
                CorrectRequest request = sent[id] = new CorrectRequest { RequestId = id, SettlementId = wrong[person], Claim = claim, Reason = "等级有误" };
                try
                {
                    CorrectResponse answer = await agency.CorrectAsync(request);
                    acknowledged[id] = answer.ToByteString();
                    wrong[person] = answer.ReplacedBy;
                }
                catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown)
                {
                    return; // killed: the outcome is unknown until it is asked for again
                }

                if (acknowledged.Count >= enoughAt) reached.TrySetResult();
            }
        }
    }

    private static async Task<string> SettleAsync(GrpcChannel channel, Contract.Settlement.SettlementClient client, int person)
    {
        await new Enrolment.EnrolmentClient(channel).RegisterAsync(Requests.Register($"P{person}"));
        string first = "";
        for (int i = 0; i < SettlementsEach; i++)
        {
            SettleResponse settled = await client.SettleAsync(Requests.Settle($"P{person}", $"r{person}-{i}", Requests.Inpatient(3_000_000)));
            if (i == 0) first = settled.Result.SettlementId;
        }

        return first;
    }

    private async Task CheckLedgerAsync(LedgerOptions options, int corrections)
    {
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        int closed = 0;
        int settled = 0;
        await foreach (LedgerEntry entry in store.ScanAsync())
        {
            if (entry.Kind == LedgerEntryKind.Correction) closed++;
            if (entry.Kind == LedgerEntryKind.Settlement) settled++;
        }

        Assert.Equal(corrections, closed);
        Assert.Equal(SettlementsEach * (Persons + corrections), settled);
        output.WriteLine($"{corrections} corrections of {SettlementsEach} settlements each, every one whole; the audit finds nothing");
    }
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledCorrectionTests(ITestOutputHelper output) : KilledCorrectionTests(
    () => Task.FromResult(new LedgerOptions { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db") }),
    output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledCorrectionTests(ITestOutputHelper output) : KilledCorrectionTests(
    async () => new LedgerOptions
    {
        Provider = LedgerProvider.Postgres,
        ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    },
    output);
