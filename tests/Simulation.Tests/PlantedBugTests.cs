using Settlement.Ledger;
using Settlement.Simulate;
using Xunit.Abstractions;

namespace Settlement.Simulation.Tests;

/// <summary>
/// Each promise that the product rests on is taken away from the database or the writer, one at a time: the simulation must notice, say
/// which invariant broke, and tell how to see it again. The product itself is not touched.
/// </summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    [Fact]
    public void A_missing_fence_is_found() => Finds(Invariant.Fence, new EpisodeParts { Ledger = static () => new UnfencedLedger() });

    [Fact]
    public void A_missing_check_of_request_ids_is_found() =>
        Finds(Invariant.RequestOnce, new EpisodeParts { Ledger = static () => new RequestBlindLedger() });

    [Fact]
    public void A_missing_check_of_charges_is_found() =>
        Finds(Invariant.ChargeOnce, new EpisodeParts { Ledger = static () => new ChargeBlindLedger() });

    [Fact]
    public void A_request_id_that_is_free_again_after_its_void_is_found() =>
        Finds(Invariant.RequestOnce, new EpisodeParts { Ledger = static () => new VoidBlindLedger() });

    [Fact]
    public void A_group_that_is_written_in_part_is_found() =>
        Finds(Invariant.Whole, new EpisodeParts { Ledger = static () => new TearingLedger() });

    [Fact]
    public void An_answer_before_its_entry_is_durable_is_found() =>
        Finds(Invariant.Durable, new EpisodeParts { Store = static parts => new EagerStore(parts) });

    [Fact]
    public void A_store_that_never_answers_is_found() =>
        Finds(Invariant.Liveness, new EpisodeParts { Store = static parts => new MuteStore(parts) });

    [Fact]
    public void What_is_found_shrinks_to_a_plan_that_still_shows_it()
    {
        EpisodeParts parts = new() { Ledger = static () => new UnfencedLedger() };
        EpisodeResult failure = new Campaign(1, 1_000_000, Rules.Pack, parts).Run(1).Failure!;

        Shrinker shrinker = new(plan => Episode.Run(plan, Rules.Pack, parts), Invariant.Fence);
        EpisodeResult smallest = shrinker.Shrink(failure);

        output.WriteLine($"{failure.Plan}\nshrunk in {shrinker.Runs} runs to\n{smallest.Plan}");
        Assert.True(smallest.Plan.Operations < failure.Plan.Operations);
        Assert.True(smallest.Struck.Count <= failure.Struck.Count);
        EpisodePlan printed = SimulateOptions.Parse(smallest.Plan.ToString().Split(' ')).Episode!;
        EpisodeResult again = Episode.Run(printed, Rules.Pack, parts);
        Assert.Equal(smallest.Violation, again.Violation);
        Assert.Equal(smallest.Fingerprint, again.Fingerprint);
    }

    private void Finds(Invariant expected, EpisodeParts parts)
    {
        CampaignResult result = new Campaign(1, 1_000_000, Rules.Pack, parts).Run(1);

        Assert.NotNull(result.Failure);
        output.WriteLine($"after {result.Entries} entries in {result.Episodes} episodes: {result.Failure.Violation}");
        Assert.Equal(expected, result.Failure.Violation!.Invariant);
    }

    private sealed class UnfencedLedger : MemoryLedger
    {
        protected override bool IsFenced(LedgerEntry entry, LedgerEntry? before) => false;
    }

    private sealed class RequestBlindLedger : MemoryLedger
    {
        protected override bool IsRequestTaken(LedgerEntry entry) => false;

        // Else the charge, which a repeat names as well, would catch it. Under another request id it is still caught.
        protected override bool IsChargeTaken(LedgerEntry entry) => base.IsChargeTaken(entry) && !base.IsRequestTaken(entry);
    }

    private sealed class ChargeBlindLedger : MemoryLedger
    {
        protected override bool IsChargeTaken(LedgerEntry entry) => false;
    }

    private sealed class VoidBlindLedger : MemoryLedger
    {
        protected override bool IsRequestTaken(LedgerEntry entry) =>
            base.IsRequestTaken(entry) && ByRequest(entry.RequestKey)!.Kind != LedgerEntryKind.Void;
    }

    /// <summary>Loses the last entry of each group.</summary>
    private sealed class TearingLedger : MemoryLedger
    {
        protected override int WrittenOf(int group) => group - 1;
    }

    /// <summary>Says of every entry at once that it is durable, and commits a little later, unless the silo has died by then.</summary>
    private sealed class EagerStore(StoreParts parts) : SimulatedStore(parts)
    {
        public override ILedgerAppender OpenAppender() => new EagerAppender(Parts);

        private sealed class EagerAppender(StoreParts parts) : ILedgerAppender
        {
            public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation)
            {
                Transaction transaction = Transaction.Of(batch);
                transaction.Pretend(batch);
                parts.Loop.After(Ticks.Millisecond, () =>
                {
                    if (!parts.Process.IsDead) transaction.Commit(parts.Ledger);
                });
                return Task.CompletedTask;
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class MuteStore(StoreParts parts) : SimulatedStore(parts)
    {
        public override ILedgerAppender OpenAppender() => new MuteAppender();

        private sealed class MuteAppender : ILedgerAppender
        {
            public Task AppendBatchAsync(LedgerBatch batch, CancellationToken cancellation) => new TaskCompletionSource().Task;

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
