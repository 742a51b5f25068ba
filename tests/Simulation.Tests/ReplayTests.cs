using Settlement.Ledger;
using Settlement.Simulate;

namespace Settlement.Simulation.Tests;

/// <summary>A run is a function of its plan, and whatever would make it otherwise is noticed.</summary>
public sealed class ReplayTests
{
    private static EpisodePlan Plan(ulong seed) => EpisodePlan.Drawn(seed) with { Operations = 400 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_plan_gives_the_same_run_event_for_event(ulong seed)
    {
        using StringWriter first = new();
        using StringWriter second = new();

        EpisodeResult one = Episode.Run(Plan(seed), Rules.Pack, new EpisodeParts { Journal = first });
        EpisodeResult two = Episode.Run(Plan(seed), Rules.Pack, new EpisodeParts { Journal = second });

        Assert.Equal(one.Fingerprint, two.Fingerprint);
        Assert.Equal(one.Struck, two.Struck);
        Assert.Equal(first.ToString(), second.ToString());
    }

    [Fact]
    public void What_runs_beside_it_makes_no_difference()
    {
        ulong alone = Episode.Run(Plan(5), Rules.Pack).Fingerprint;
        ulong[] together = new ulong[4];
        Parallel.For(0, together.Length, i => together[i] = Episode.Run(Plan(5), Rules.Pack).Fingerprint);
        Assert.All(together, fingerprint => Assert.Equal(alone, fingerprint));
    }

    [Fact]
    public void Another_seed_gives_another_run() =>
        Assert.NotEqual(Episode.Run(Plan(1), Rules.Pack).Fingerprint, Episode.Run(Plan(2) with { Silos = 1 }, Rules.Pack).Fingerprint);

    [Fact]
    public void A_spared_fault_does_not_strike_and_the_others_of_its_kind_keep_their_numbers()
    {
        EpisodePlan plan = Plan(1);
        EpisodeResult all = Episode.Run(plan, Rules.Pack);
        Strike spared = all.Struck[0];

        EpisodeResult without = Episode.Run(plan with { Spared = new HashSet<Strike> { spared } }, Rules.Pack);

        Assert.DoesNotContain(spared, without.Struck);
    }

    [Fact]
    public void The_arguments_that_a_failure_prints_give_its_plan()
    {
        EpisodePlan plan = Plan(77) with
        {
            Clients = 3,
            Faults = FaultKind.Crash | FaultKind.LoseReply,
            Spared = new HashSet<Strike> { new(FaultKind.Crash, 2), new(FaultKind.LoseReply, 11) },
        };

        EpisodePlan parsed = SimulateOptions.Parse(plan.ToString().Split(' ')).Episode!;

        Assert.Equal(plan.ToString(), parsed.ToString());
        Assert.True(parsed.Spared.SetEquals(plan.Spared));
    }

    [Fact]
    public void Code_that_leaves_the_simulation_for_the_thread_pool_ends_the_run() =>
        Assert.Throws<EscapedException>(
            () => Episode.Run(Plan(1), Rules.Pack, new EpisodeParts { Store = parts => new EscapingStore(parts) }));

    /// <summary>Answers reads from the thread pool.</summary>
    private sealed class EscapingStore(StoreParts parts) : SimulatedStore(parts)
    {
        protected override Task<T> Ask<T>(Func<T> question)
        {
            TaskCompletionSource<T> answer = new();
            // The loop waits for the pool, so that the test does not depend on which of them is faster.
            Parts.Loop.After(Ticks.Millisecond, () => Task.Run(() => answer.SetResult(question())).GetAwaiter().GetResult());
            return answer.Task;
        }
    }
}
