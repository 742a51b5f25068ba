using Settlement.Cli.Auditing;
using Settlement.Cli.Replay;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cluster.Tests.Support;

/// <summary>What must hold of a whole ledger, whatever was done to it.</summary>
internal static class Audits
{
    /// <summary>The audit finds nothing, and deciding everything again under the packs that decided it changes nothing.</summary>
    public static async Task AssertSoundAsync(TestSilo silo)
    {
        List<Cli.Auditing.Violation> violations = [];
        await new LedgerAudit(silo.Ledger, new PolicyRecomputation(silo.Ledger)).RunAsync(violations.Add, _ => { }, CancellationToken.None);
        Assert.Empty(violations);
        foreach (Pack pack in silo.Policies.Packs)
        {
            ReplayReport report = await new LedgerReplay(silo.Ledger, pack, pack.InForceFrom).RunAsync(_ => { }, CancellationToken.None);
            Assert.Empty(report.Refused);
            Assert.Equal(report.All.Payments.Recorded, report.All.Payments.WhatIf);
        }
    }

    /// <summary>Hash and position of every entry: two such lists are equal when nothing was written between them.</summary>
    public static async Task<List<(long Position, LedgerHash Hash)>> FingerprintAsync(TestSilo silo)
    {
        List<(long, LedgerHash)> all = [];
        await foreach (LedgerEntry entry in silo.Ledger.ScanAsync()) all.Add((entry.Position, entry.Hash));
        return all;
    }
}
