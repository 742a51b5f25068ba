using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
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
        Random random = KilledSilo.Seeded(output, out _);
        await using KilledSilo silo = await KilledSilo.StartAsync(await ledger());
        Contract.Settlement.SettlementClient client = new(silo.Channel);
        Agency.AgencyClient agency = new(silo.Channel);
        string[] wrong = await Task.WhenAll(Enumerable.Range(0, Persons).Select(person => SettleAsync(silo, client, person)));

        ConcurrentDictionary<string, CorrectRequest> sent = [];
        ConcurrentDictionary<string, ByteString> acknowledged = [];
        for (int kill = 1; kill <= Kills; kill++)
        {
            await silo.KillWhileAsync(Persons, random.Next(4, 16), (person, i) => CorrectAsync(person, $"k{kill}-{person}-{i}", i));
            string[] again = [.. sent.Keys.Where(id => !acknowledged.ContainsKey(id)), .. acknowledged.Keys.Order()
                .Where((_, i) => i % 5 == kill % 5)];
            foreach (string id in again)
            {
                CorrectRequest request = sent[id];
                CorrectResponse answer = await agency.CorrectAsync(request);
                Assert.Equal(acknowledged.GetOrAdd(id, answer.ToByteString()), answer.ToByteString());
                int person = int.Parse(id.Split('-')[1], CultureInfo.InvariantCulture);
                if (request.SettlementId == wrong[person]) wrong[person] = answer.ReplacedBy;
            }
        }

        CheckLedger(await silo.EndAsync(), sent.Count);

        async Task<bool> CorrectAsync(int person, string id, int number)
        {
            Claim claim = Requests.Inpatient(3_000_000 + number);
            claim.Facility.Level = number % 2 == 0 ? Facility.Types.Level._1 : Facility.Types.Level._3;
            CorrectRequest request = sent[id] =
                new CorrectRequest { RequestId = id, SettlementId = wrong[person], Claim = claim, Reason = "等级有误" };
            try
            {
                CorrectResponse answer = await agency.CorrectAsync(request);
                acknowledged[id] = answer.ToByteString();
                wrong[person] = answer.ReplacedBy;
                return true;
            }
            catch (RpcException error) when (KilledSilo.IsKilled(error))
            {
                return false;
            }
        }
    }

    private static async Task<string> SettleAsync(KilledSilo silo, Contract.Settlement.SettlementClient client, int person)
    {
        await new Enrolment.EnrolmentClient(silo.Channel).RegisterAsync(Requests.Register($"P{person}"));
        string first = "";
        for (int i = 0; i < SettlementsEach; i++)
        {
            SettleResponse settled = await client.SettleAsync(
                Requests.Settle($"P{person}", $"r{person}-{i}", Requests.Inpatient(3_000_000)));
            if (i == 0) first = settled.Result.SettlementId;
        }

        return first;
    }

    private void CheckLedger(IReadOnlyList<LedgerEntry> entries, int corrections)
    {
        Assert.Equal(corrections, entries.Count(entry => entry.Kind == LedgerEntryKind.Correction));
        Assert.Equal(SettlementsEach * (Persons + corrections), entries.Count(entry => entry.Kind == LedgerEntryKind.Settlement));
        output.WriteLine($"{corrections} corrections of {SettlementsEach} settlements each, every one whole; the audit finds nothing");
    }
}

/// <summary>On the embedded ledger.</summary>
public sealed class SqliteKilledCorrectionTests(ITestOutputHelper output) : KilledCorrectionTests(KilledSilo.OnSqlite, output);

/// <summary>On a real PostgreSQL server.</summary>
public sealed class PostgresKilledCorrectionTests(ITestOutputHelper output) : KilledCorrectionTests(KilledSilo.OnPostgres, output);
