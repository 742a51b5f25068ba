using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;

namespace Settlement.Cluster.Tests;

/// <summary>
/// The audit of corrections audited: the entries of a real one are written to another ledger, whole, cut short, or with another report.
/// </summary>
public sealed class CorrectionAuditTests : IAsyncLifetime
{
    private TestSilo silo = null!;
    private LedgerEntry[] entries = [];

    public async Task InitializeAsync()
    {
        silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettlementResult wrong = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(4_000_000)));
        await new Agency.AgencyClient(silo.Channel()).CorrectAsync(new CorrectRequest
        {
            RequestId = "c1", SettlementId = wrong.SettlementId, Claim = Requests.Inpatient(3_000_000), Reason = "金额有误",
        });
        entries = [.. await silo.Ledger.ReadPersonAsync("P1", 1, 100)];
        Assert.Equal(8, entries.Length);
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task A_whole_correction_is_found_clean() => Assert.Empty(await AuditAsync(entries));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task A_correction_cut_short_is_found(int kept) =>
        Assert.Equal([ViolationKind.Correction], await AuditAsync(entries[..kept]));

    [Fact]
    public async Task A_correction_closed_too_early_or_by_another_is_found()
    {
        Assert.Contains(ViolationKind.Answer, await AuditAsync([.. entries[..5], After(entries[4], entries[7])]));
        Assert.Contains(ViolationKind.Correction, await AuditAsync([.. entries[..7], After(entries[6], entries[7], requestId: "c9")]));
    }

    [Theory]
    [InlineData("amounts")]
    [InlineData("total")]
    [InlineData("left out")]
    [InlineData("reversal")]
    [InlineData("reason")]
    public async Task A_report_other_than_the_entries_is_found(string what)
    {
        CorrectResponse report = CorrectResponse.Parser.ParseFrom(entries[^1].Answer.Span);
        CorrectedSettlement last = report.Settlements[^1];
        switch (what)
        {
            case "amounts":
                (last.After.Pooled, last.After.PersonPays) = (last.After.Pooled + 1, last.After.PersonPays - 1);
                break;
            case "total":
                report.After.Pooled++;
                break;
            case "left out":
                report.Settlements.Remove(last);
                break;
            case "reversal":
                last.ReversalId = report.Settlements[0].ReversalId;
                break;
            default:
                report.Reason = "otherwise";
                break;
        }

        Assert.Equal([ViolationKind.Answer], await AuditAsync([.. entries[..^1], After(entries[^2], entries[^1], report.ToByteArray())]));
    }

    /// <summary>A closing entry as it would stand behind another entry, with another answer or request id where one is given.</summary>
    private static LedgerEntry After(LedgerEntry before, LedgerEntry closing, byte[]? answer = null, string requestId = "c1") =>
        new LedgerEntry
    {
        PersonId = closing.PersonId,
        Sequence = before.Sequence + 1,
        Kind = closing.Kind,
        Origin = closing.Origin,
        RequestId = requestId,
        RequestKey = LedgerKey.ForRequest(closing.Origin, requestId),
        BenefitYear = closing.BenefitYear,
        EffectiveDate = closing.EffectiveDate,
        Region = closing.Region,
        PackKey = closing.PackKey,
        Event = closing.Event,
        Answer = answer ?? closing.Answer,
        AccountAfter = closing.AccountAfter,
        RecordedAt = closing.RecordedAt,
        PreviousHash = before.Hash,
    }.Seal();

    private async Task<IEnumerable<ViolationKind>> AuditAsync(LedgerEntry[] written)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("settlement-").FullName, "ledger.db");
        await using ILedgerStore store = LedgerStore.Create(new LedgerOptions { Path = path }, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        foreach (long key in written.Select(entry => entry.PackKey).Distinct())
        {
            LedgerPack pack = (await silo.Ledger.ReadPackAsync(key))!;
            await store.RegisterPackAsync(key, pack.Sha256.ToArray(), pack.Name, pack.Archive.ToArray());
        }

        await using LedgerWriter writer = new(store, new LedgerWriterOptions(), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        Assert.True((await writer.AppendAsync(writer.OpenLane("P1"), LedgerGroup.Of(written))).IsAppended);
        List<Violation> violations = [];
        await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        return violations.Select(violation => violation.Kind).Distinct();
    }
}
