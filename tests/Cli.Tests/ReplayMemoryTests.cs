using Settlement.Cli.Replay;
using Settlement.Cli.Tests.Support;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Tests;

/// <summary>
/// Replay needs no more memory for a larger ledger: what is alive between two persons is the totals. The scan is made up, so that it holds
/// nothing itself; each person registers, is settled once, and is decided again. Alone, because what is alive is counted for the whole
/// process.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class ReplayMemoryTests
{
    private const int Persons = 20_000;
    private const int Early = Persons / 20;

    [Fact]
    public async Task Twenty_times_the_entries_leave_no_more_alive()
    {
        await using LedgerFixture ledger = await LedgerFixture.CreateAsync();
        await ledger.SettleAsync(1_000_000);
        Pack changed = ledger.PackWith("inpatient.yaml", "          LEVEL_3: 75", "          LEVEL_3: 80");
        Dictionary<long, long> alive = [];

        ReplayReport report = await new LedgerReplay(
            new RepeatedLedger(ledger.Entries, ledger.Pack, Persons), changed, new DateOnly(2025, 1, 1)).RunAsync(
            read =>
            {
                if (read is 2 * Early or 2 * Persons) alive[read] = GC.GetTotalMemory(forceFullCollection: true);
            },
            CancellationToken.None);

        Assert.Equal((Persons, 2L * Persons, Persons), (report.Persons, report.Entries, report.Replayed));
        // Half of what a single reference kept for each entry would come to.
        Assert.True(
            alive[2 * Persons] - alive[2 * Early] < (Persons - Early) * sizeof(long),
            $"{2 * Early:N0} entries leave {alive[2 * Early]:N0} bytes alive, {2 * Persons:N0} leave {alive[2 * Persons]:N0}");
    }
}

/// <summary>Tests that must not run beside others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
