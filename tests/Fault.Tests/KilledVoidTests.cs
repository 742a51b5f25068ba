using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Tests.Support;
using Xunit.Abstractions;
using State = Settlement.Contract.VoidResponse.Types.State;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Fault.Tests;

/// <summary>
/// kill -9 of the silo while counters settle, and while they void what they heard nothing of: every request of unknown outcome ends never settled
/// or reversed, says so again whenever it is asked, and stays so when the request arrives late.
/// </summary>
public abstract class KilledVoidTests(Func<Task<LedgerOptions>> ledger, ITestOutputHelper output)
{
    private const int Persons = 24;
    private const int Kills = 1;

    [Fact]
    public async Task What_nobody_heard_of_ends_in_a_known_state_and_stays_there()
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
        Enrolment.EnrolmentClient enrolment = new(channel);
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Requests.Register($"P{person}"));

        ConcurrentDictionary<string, VoidResponse> ends = [];
        for (int kill = 1; kill <= Kills; kill++)
        {
            // Killed while settling: of each person one request is under way, and nobody knows what became of it.
            ConcurrentBag<SettleRequest> unknown = [];
            await KilledWhileAsync(silo, random.Next(40, 160), (person, i) => SettleAsync(client, Requests.Settle(
                $"P{person}", $"k{kill}-{person}-{i}", Requests.Inpatient(100_000 + i)), unknown));
            // Killed again while voiding.
            SettleRequest[] open = [.. unknown];
            await KilledWhileAsync(silo, Math.Max(1, open.Length / 2), async (person, i) =>
                i == 0 && person < open.Length && await VoidAsync(client, open[person], ends));
            foreach (SettleRequest request in open)
            {
                Assert.True(await VoidAsync(client, request, ends));
                VoidResponse end = ends[request.RequestId];
                Assert.Equal(end.State == State.NeverSettles ? "REQUEST_VOIDED" : end.Reversal.SettlementId, await LateAsync(client, request));
            }

            output.WriteLine($"kill {kill}: {open.Length} requests of unknown outcome, {ends.Values.Count(end => end.State == State.Reversed)} reversed so far");
        }

        await silo.KillAsync();
        await CheckLedgerAsync(options, ends);
    }

    /// <summary>Has all persons work one thing after the other until so much is done, then kills the silo and starts it again.</summary>
    private static async Task KilledWhileAsync(SiloProcess silo, int enough, Func<int, int, Task<bool>> work)
    {
        int done = 0;
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] load = [.. Enumerable.Range(0, Persons).Select(person => Task.Run(async () =>
        {
            for (int i = 0; await work(person, i); i++)
            {
                if (Interlocked.Increment(ref done) >= enough) reached.TrySetResult();
            }
        }))];
        await Task.WhenAny(reached.Task, Task.WhenAll(load)).WaitAsync(TimeSpan.FromSeconds(60));
        await silo.KillAsync();
        await Task.WhenAll(load);
        await silo.StartAsync();
    }

    private static async Task<bool> SettleAsync(Contract.Settlement.SettlementClient client, SettleRequest request, ConcurrentBag<SettleRequest> unknown)
    {
        try
        {
            await client.SettleAsync(request);
            return true;
        }
        catch (RpcException error) when (IsKilled(error))
        {
            unknown.Add(request);
            return false;
        }
    }

    /// <summary>False when the silo was killed meanwhile. A second answer is the first.</summary>
    private static async Task<bool> VoidAsync(Contract.Settlement.SettlementClient client, SettleRequest request, ConcurrentDictionary<string, VoidResponse> ends)
    {
        try
        {
            VoidResponse end = await client.VoidAsync(
                new VoidRequest { RequestId = request.RequestId, Person = request.Person, Facility = request.Claim.Facility.Code });
            Assert.Equal(ends.GetOrAdd(request.RequestId, end), end);
            return true;
        }
        catch (RpcException error) when (IsKilled(error))
        {
            return false;
        }
    }

    /// <summary>The request arrives after all: the settlement's id, or why not.</summary>
    private static async Task<string> LateAsync(Contract.Settlement.SettlementClient client, SettleRequest request)
    {
        try
        {
            return (await client.SettleAsync(request)).Result.SettlementId;
        }
        catch (RpcException refused)
        {
            return refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
        }
    }

    private static bool IsKilled(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown;

    private async Task CheckLedgerAsync(LedgerOptions options, ConcurrentDictionary<string, VoidResponse> ends)
    {
        await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        List<LedgerEntry> entries = [];
        await foreach (LedgerEntry entry in store.ScanAsync()) entries.Add(entry);
        Assert.Equal(
            ends.Where(end => end.Value.State == State.NeverSettles).Select(end => end.Key).Order(StringComparer.Ordinal),
            entries.Where(entry => entry.Kind == LedgerEntryKind.Void).Select(entry => entry.RequestId).Order(StringComparer.Ordinal));
        Assert.Equal(
            ends.Where(end => end.Value.State == State.Reversed).Select(end => end.Value.Reversal.ReversalId).Order(StringComparer.Ordinal),
            entries.Where(entry => entry.Kind == LedgerEntryKind.Reversal).Select(entry => entry.RequestKey.ToString()).Order(StringComparer.Ordinal));
        output.WriteLine($"{ends.Count} requests ended; the audit finds nothing");
    }
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledVoidTests(ITestOutputHelper output) : KilledVoidTests(
    () => Task.FromResult(new LedgerOptions { Path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db") }),
    output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledVoidTests(ITestOutputHelper output) : KilledVoidTests(
    async () => new LedgerOptions
    {
        Provider = LedgerProvider.Postgres,
        ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
    },
    output);
