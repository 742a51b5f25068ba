using Settlement.Torture.Checking;
using Settlement.Torture.Faults;
using Settlement.Torture.History;

namespace Settlement.Torture.Tests;

/// <summary>What is struck, and what is told of it.</summary>
public sealed class FaultPlanTests
{
    private static readonly TortureOptions Hour = new() { Seed = 7, Duration = TimeSpan.FromHours(1) };

    [Fact]
    public void The_same_seed_gives_the_same_faults() => Assert.Equal(FaultPlan.Draw(Hour, disk: true), FaultPlan.Draw(Hour, disk: true));

    [Fact]
    public void Another_seed_gives_others() =>
        Assert.NotEqual(FaultPlan.Draw(Hour, disk: true), FaultPlan.Draw(Hour with { Seed = 8 }, disk: true));

    [Fact]
    public void A_shorter_run_strikes_the_first_faults_of_a_longer_one()
    {
        IReadOnlyList<PlannedFault> shorter = FaultPlan.Draw(Hour with { Duration = TimeSpan.FromMinutes(5) }, disk: true);
        Assert.Equal(shorter, FaultPlan.Draw(Hour, disk: true).Take(shorter.Count));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    [InlineData(false, false, false)]
    public void Every_kind_that_can_be_struck_is_struck_within_an_hour(bool postgres, bool cluster, bool disk)
    {
        TortureOptions options = Hour with { Postgres = postgres, Silos = postgres ? 3 : 1, IsCluster = cluster };
        Assert.Equal(FaultPlan.Kinds(options, disk).Order(), FaultPlan.Draw(options, disk).Select(static fault => fault.Kind).Distinct()
            .Order());
    }

    [Fact]
    public void Faults_between_silos_are_planned_only_for_several_that_are_a_cluster()
    {
        Assert.Equal(7, FaultPlan.Kinds(Hour with { IsCluster = true }, disk: true).Count(static kind => kind.NeedsCluster()));
        Assert.DoesNotContain(FaultPlan.Kinds(Hour, disk: true), static kind => kind.NeedsCluster());
        Assert.DoesNotContain(FaultPlan.Kinds(Hour with { IsCluster = true, Silos = 1 }, disk: true), static kind => kind.NeedsCluster());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Faults_of_one_lane_do_not_overlap(bool cluster)
    {
        IReadOnlyList<PlannedFault> plan = FaultPlan.Draw(Hour with { IsCluster = cluster }, disk: true);
        foreach (IGrouping<string, PlannedFault> lane in plan.GroupBy(static fault => fault.Lane))
            Assert.Empty(lane.Zip(lane.Skip(1)).Where(static pair => pair.First.At + pair.First.For > pair.Second.At));
    }

    [Theory]
    [InlineData(nameof(FaultKind.KillAllSilos))]
    [InlineData(nameof(FaultKind.ScatterSilos))]
    public void What_strikes_all_silos_at_once_strikes_them_at_one_moment(string kind)
    {
        IGrouping<TimeSpan, PlannedFault> once = FaultPlan.Draw(Hour with { IsCluster = true }, disk: true)
            .Where(fault => fault.Kind.ToString() == kind).GroupBy(static fault => fault.At).First();
        Assert.Equal([0, 1, 2], once.Select(static fault => fault.Silo!.Value).Order());
    }

    [Fact]
    public void Recovery_is_the_time_from_the_end_of_a_fault_to_the_first_settlement_of_its_silo()
    {
        Attempt[] attempts = [Settled(silo: 1, returned: 500), Settled(silo: 0, returned: 1_500), Settled(silo: 1, returned: 4_000)];
        Struck[] faults = [new(FaultKind.KillSilo, "silo 1", 1, 600, 1_000), new(FaultKind.KillDatabase, "database", null, 600, 1_000)];
        IReadOnlyList<Recovery> recovered = Recovery.Of(attempts, faults);
        Assert.Equal(
            [(FaultKind.KillSilo, 3_000.0), (FaultKind.KillDatabase, 500.0)],
                recovered.Select(static kind => (kind.Kind, kind.Worst.TotalMicroseconds)));
    }

    private static Attempt Settled(int silo, long returned) =>
        new() { Operation = returned, Kind = OperationKind.Settle, Person = "P0", Silo = silo, Invoked = returned - 100,
            Returned = returned, Outcome = Outcome.Acknowledged };
}
