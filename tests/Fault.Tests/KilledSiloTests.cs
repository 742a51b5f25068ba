using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
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
        Random random = KilledSilo.Seeded(output, out int seed);
        int kills = KilledSilo.FromEnvironment("SETTLEMENT_KILLS", DefaultKills);
        await using KilledSilo silo = await KilledSilo.StartAsync(await ledger());
        Contract.Settlement.SettlementClient client = new(silo.Channel);
        Enrolment.EnrolmentClient enrolment = new(silo.Channel);
        for (int person = 0; person < Persons; person++) await enrolment.RegisterAsync(Requests.Register($"P{person}"));

        ConcurrentDictionary<string, SettleRequest> sent = [];
        ConcurrentDictionary<string, ByteString> acknowledged = [];
        for (int kill = 1; kill <= kills; kill++)
        {
            int before = acknowledged.Count;
            Random[] own = [.. Enumerable.Range(0, Clients).Select(number => new Random(HashCode.Combine(seed, kill, number)))];
            await silo.KillWhileAsync(Clients, random.Next(50, 400), (number, i) => SettleAsync($"k{kill}-{number}-{i}", own[number]));
            string[] again = [.. sent.Keys.Where(id => !acknowledged.ContainsKey(id)), .. acknowledged.Keys.Order()
                .Where((_, i) => i % 7 == kill % 7)];
            await Parallel.ForEachAsync(again, async (id, ending) =>
            {
                ByteString answer = (await client.SettleAsync(sent[id], cancellationToken: ending)).ToByteString();
                Assert.Equal(acknowledged.GetOrAdd(id, answer), answer);
            });
            output.WriteLine($"kill {kill}: {acknowledged.Count - before} settlements acknowledged, {again.Length} requests repeated");
        }

        CheckLedger(await silo.EndAsync(), sent, acknowledged);

        async Task<bool> SettleAsync(string id, Random own)
        {
            SettleRequest request = sent[id] = Requests.Settle($"P{own.Next(Persons)}", id, Requests.Inpatient(own.Next(1, 3_000_000)));
            try
            {
                acknowledged[id] = (await client.SettleAsync(request)).ToByteString();
                return true;
            }
            catch (RpcException error) when (KilledSilo.IsKilled(error))
            {
                return false;
            }
        }
    }

    private void CheckLedger(
        IReadOnlyList<LedgerEntry> entries, ConcurrentDictionary<string, SettleRequest> sent,
        ConcurrentDictionary<string, ByteString> acknowledged)
    {
        Dictionary<string, LedgerEntry> settled =
            entries.Where(entry => entry.Kind == LedgerEntryKind.Settlement).ToDictionary(entry => entry.RequestId);
        Assert.Equal(sent.Keys.Order(), settled.Keys.Order());
        foreach ((string id, ByteString answer) in acknowledged) Assert.Equal(answer.ToByteArray(), settled[id].Answer.ToArray());
        output.WriteLine(
            $"{settled.Count} settlements in the ledger, each once, each answered with its first answer; the audit finds nothing");
    }
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledSiloTests(ITestOutputHelper output) : KilledSiloTests(KilledSilo.OnSqlite, output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledSiloTests(ITestOutputHelper output) : KilledSiloTests(KilledSilo.OnPostgres, output);
