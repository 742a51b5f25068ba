using System.Collections.Concurrent;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Xunit.Abstractions;
using State = Settlement.Contract.VoidResponse.Types.State;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Fault.Tests;

/// <summary>
/// kill -9 of the silo while counters settle, and while they void what they heard nothing of: every request of unknown outcome ends never
/// settled or reversed, says so again whenever it is asked, and stays so when the request arrives late.
/// </summary>
public abstract class KilledVoidTests(Func<Task<LedgerOptions>> ledger, ITestOutputHelper output)
{
    private const int Persons = 24;
    private const int Kills = 1;

    [Fact]
    public async Task What_nobody_heard_of_ends_in_a_known_state_and_stays_there()
    {
        Random random = KilledSilo.Seeded(output, out _);
        await using KilledSilo silo = await KilledSilo.StartAsync(await ledger());
        Contract.Settlement.SettlementClient client = new(silo.Channel);
        Enrolment.EnrolmentClient enrolment = new(silo.Channel);
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Requests.Register($"P{person}"));

        ConcurrentDictionary<string, VoidResponse> ends = [];
        for (int kill = 1; kill <= Kills; kill++)
        {
            // Killed while settling: of each person one request is under way, and nobody knows what became of it.
            ConcurrentBag<SettleRequest> unknown = [];
            await silo.KillWhileAsync(Persons, random.Next(40, 160), (person, i) => SettleAsync(client, Requests.Settle(
                $"P{person}", $"k{kill}-{person}-{i}", Requests.Inpatient(100_000 + i)), unknown));
            // Killed again while voiding.
            SettleRequest[] open = [.. unknown];
            await silo.KillWhileAsync(Persons, Math.Max(1, open.Length / 2), async (person, i) =>
                i == 0 && person < open.Length && await VoidAsync(client, open[person], ends));
            foreach (SettleRequest request in open)
            {
                Assert.True(await VoidAsync(client, request, ends));
                VoidResponse end = ends[request.RequestId];
                Assert.Equal(end.State == State.NeverSettles
                    ? "REQUEST_VOIDED"
                    : end.Reversal.SettlementId, await LateAsync(client, request));
            }

            output.WriteLine(
                $"kill {kill}: {open.Length} requests of unknown outcome, {ends.Values.Count(end => end.State == State.Reversed)} reversed so far");
        }

        CheckLedger(await silo.EndAsync(), ends);
    }

    private static async Task<bool> SettleAsync(
        Contract.Settlement.SettlementClient client, SettleRequest request, ConcurrentBag<SettleRequest> unknown)
    {
        try
        {
            await client.SettleAsync(request);
            return true;
        }
        catch (RpcException error) when (KilledSilo.IsKilled(error))
        {
            unknown.Add(request);
            return false;
        }
    }

    /// <summary>False when the silo was killed meanwhile. A second answer is the first.</summary>
    private static async Task<bool> VoidAsync(
        Contract.Settlement.SettlementClient client, SettleRequest request, ConcurrentDictionary<string, VoidResponse> ends)
    {
        try
        {
            VoidResponse end = await client.VoidAsync(
                new VoidRequest { RequestId = request.RequestId, Person = request.Person, Facility = request.Claim.Facility.Code });
            Assert.Equal(ends.GetOrAdd(request.RequestId, end), end);
            return true;
        }
        catch (RpcException error) when (KilledSilo.IsKilled(error))
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

    private void CheckLedger(IReadOnlyList<LedgerEntry> entries, ConcurrentDictionary<string, VoidResponse> ends)
    {
        Assert.Equal(
            ends.Where(end => end.Value.State == State.NeverSettles).Select(end => end.Key).Order(StringComparer.Ordinal),
            entries.Where(entry => entry.Kind == LedgerEntryKind.Void).Select(entry => entry.RequestId).Order(StringComparer.Ordinal));
        Assert.Equal(
            ends.Where(end => end.Value.State == State.Reversed).Select(end => end.Value.Reversal.ReversalId).Order(StringComparer.Ordinal),
            entries.Where(entry => entry.Kind == LedgerEntryKind.Reversal).Select(entry => entry.RequestKey.ToString())
                .Order(StringComparer.Ordinal));
        output.WriteLine($"{ends.Count} requests ended; the audit finds nothing");
    }
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledVoidTests(ITestOutputHelper output) : KilledVoidTests(KilledSilo.OnSqlite, output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledVoidTests(ITestOutputHelper output) : KilledVoidTests(KilledSilo.OnPostgres, output);
