using Google.Protobuf;
using Settlement.Cli.Auditing;
using Settlement.Cli.Cases;
using Settlement.Cli.Client;
using Settlement.Cli.Replay;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Policy.Cases;

namespace Settlement.Cluster.Tests;

/// <summary>The worked cases of the rule text, over gRPC, grain and ledger; and what they leave behind passes the audit.</summary>
public sealed class WorkedCaseTests : IAsyncLifetime
{
    private TestSilo silo = null!;

    public async Task InitializeAsync() => silo = await TestSilo.StartAsync([.. await TestLedgers.SqliteAsync(), "Gateway:Insecure=true"]);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task Every_case_passes_over_the_wire_the_audit_finds_nothing_and_a_replay_changes_nothing()
    {
        using Connection connection = new(new Uri(silo.GrpcAddress), key: null);
        GrpcTarget target = new(connection);
        string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.json");
        Assert.NotEmpty(files);
        List<CaseMismatch> mismatches = [];
        foreach (string file in files)
            mismatches.AddRange((await CaseRunner.RunAsync(CaseReader.Read(await File.ReadAllTextAsync(file)), target)).Mismatches);
        Assert.Empty(mismatches);

        List<Cli.Auditing.Violation> violations = [];
        AuditCounts counts = await new LedgerAudit(silo.Ledger, new PolicyRecomputation(silo.Ledger))
            .RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        Assert.True(counts.Reversals > 0 && counts.Settlements > 100, "the cases left too little behind to audit");

        await EveryAnswerIsEncodedAsItsMessageAsync();

        List<ReplayReport> replays = [];
        foreach (Pack pack in silo.Policies.Packs) replays.Add(await NothingChangesUnderAsync(pack));
        Assert.True(replays.All(replay => replay.Replayed > 0)
            && replays.Sum(replay => replay.Replayed) > 200, "the cases left too little behind to replay");
        Assert.Contains(replays, replay => replay.ByVisitType.ContainsKey(ReplayReport.Grant));
    }

    /// <summary>What the ledger keeps as answer is, byte for byte, what the library makes of the message in it.</summary>
    private async Task EveryAnswerIsEncodedAsItsMessageAsync()
    {
        int settlements = 0;
        await foreach (LedgerEntry entry in silo.Ledger.ScanAsync())
        {
            if (entry.Kind != LedgerEntryKind.Settlement) continue;
            settlements++;
            Assert.Equal(SettleResponse.Parser.ParseFrom(entry.Answer.Span).ToByteArray(), entry.Answer.ToArray());
        }

        Assert.True(settlements > 100, "the cases settled too little");
    }

    /// <summary>Every kind of entry decided again under the pack that decided it: to the fen the same, and nothing is refused.</summary>
    private async Task<ReplayReport> NothingChangesUnderAsync(Pack pack)
    {
        ReplayReport report = await new LedgerReplay(silo.Ledger, pack, pack.InForceFrom).RunAsync(_ => { }, CancellationToken.None);
        Assert.Empty(report.Refused);
        Assert.Equal(report.All.Payments.Recorded, report.All.Payments.WhatIf);
        Assert.Equal((0, 0), (report.All.Persons.Gain, report.All.Persons.Lose));
        return report;
    }
}
