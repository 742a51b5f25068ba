using System.Text.Json;
using Grpc.Core;
using Settlement.Cli;
using Settlement.Cli.Exporting;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests.Feeding;

/// <summary>What is exported of a day is what reconciliation counts of it, on both stores.</summary>
public sealed class ExportTotalsTests : IDisposable
{
    private const int Seed = 20_261_123;
    private static readonly string[] Hospitals = ["H210100001", "H210100002"];
    private readonly string folder = Directory.CreateTempSubdirectory("settlement-export-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_sums_of_a_day_are_those_of_reconciliation(bool postgres)
    {
        SettableMoment clock = new("2026-04-01T02:00:00Z");
        await using TestSilo silo = await TestSilo.StartAsync(
            clock, [.. await (postgres ? TestLedgers.PostgresAsync() : TestLedgers.SqliteAsync()), "Gateway:Insecure=true"]);
        Reconciliation.ReconciliationClient books = new(silo.Channel());
        Random random = new(Seed);
        List<(string Person, string Id)> standing = [];
        for (int number = 0; number < 4; number++)
            await silo.Enrolment.RegisterAsync(Requests.Register($"P{number}", Requests.Group(Membership.Types.Group.Orphan)));
        // the second is midnight of the next day in China
        foreach (string day in (string[])["2026-04-01T02:00:00Z", "2026-04-01T16:00:00Z"])
        {
            clock.Set(day);
            for (int i = 0; i < 20; i++)
            {
                string person = $"P{random.Next(4)}";
                string id = $"{day[8..13]}-{i}";
                if (random.Next(4) == 0 && standing.FindLastIndex(one => one.Person == person) is >= 0 and var last)
                {
                    await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = id, SettlementId = standing[last].Id });
                    standing.RemoveAt(last);
                    continue;
                }

                Claim claim = Requests.Inpatient(random.Next(100_000, 9_000_000), Hospitals[random.Next(2)]);
                standing.Add((person, (await silo.Settlement.SettleAsync(Requests.Settle(person, id, claim))).Result.SettlementId));
            }

            // Paid by hand: an export shows it, a facility's books do not.
            await new Agency.AgencyClient(silo.Channel()).ReimburseAsync(new ReimburseRequest
            {
                RequestId = $"m-{day}", Person = "P0", VisitId = $"m-{day}", ChargeBatch = "1",
                    Claim = Requests.Inpatient(500_000, Hospitals[0]), ReceivedOn = "2026-03-20",
            });
            standing.RemoveAll(one => one.Person == "P0"); // no longer the newest
        }

        int counted = 0;
        foreach (DateOnly day in (DateOnly[])[new(2026, 4, 1), new(2026, 4, 2)])
        {
            foreach (string hospital in Hospitals)
            {
                string text = day.ToString("yyyy-MM-dd");
                TotalsRow totals = (await books.GetTotalsAsync(new GetTotalsRequest { Facility = hospital, From = text, To = text })).Sum;
                JsonElement[] rows = [.. (await ExportAsync(silo, day, hospital))
                    .Where(row => row.GetProperty("channel").GetString() == "COUNTER")];
                JsonElement[] reversals = [.. rows.Where(row => row.GetProperty("refd_setl_flag").GetInt32() == 1)];
                Assert.Equal((totals.Settlements, totals.Reversals), (rows.Length - reversals.Length, reversals.Length));
                Assert.Equal(
                    (totals.Net.Total, totals.Net.Pooled, totals.Net.SeriousIllness, totals.FundPay, totals.Net.PersonPays),
                    (Sum("medfee_sumamt"), Sum("hifp_pay"), Sum("hifmi_pay")
                        + Sum("hifob_pay"), Sum("fund_pay_sumamt"), Sum("psn_part_amt")));
                Assert.Equal(
                    (totals.Net.AssistanceBasic, totals.Net.AssistanceTilt, totals.FundPay - totals.Net.Pooled - totals.Net.SeriousIllness),
                    (Sum("assistance_basic"), Sum("assistance_tilt"), Sum("maf_pay")));
                Assert.Equal(-totals.Reversed.Total, reversals.Sum(row => row.GetProperty("medfee_sumamt").GetInt64()));
                counted += rows.Length;

                long Sum(string column) => rows.Sum(row => row.GetProperty(column).GetInt64());
            }
        }

        Assert.Equal(40, counted);
    }

    private async Task<List<JsonElement>> ExportAsync(TestSilo silo, DateOnly day, string hospital)
    {
        string file = Path.Combine(folder, $"{day:yyyyMMdd}-{hospital}");
        CliHost host = new()
        {
            Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null, Environment = _ =>
                null, Root = folder, ProgramFolder = folder,
        };
        ExportSelection selection = new() { Days = (day, day), Facility = hospital };
        await new LedgerExport(silo.Ledger, selection, ShownPersons.Plain, host)
            .WriteStatementsAsync(file, ExportFormat.JsonLines, CancellationToken.None);
        return [.. (await File.ReadAllLinesAsync(file)).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
