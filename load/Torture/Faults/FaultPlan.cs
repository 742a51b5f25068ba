using Chance = Settlement.Simulate.Chance;

namespace Settlement.Torture.Faults;

/// <summary>One fault to strike.</summary>
/// <param name="At">When, from the begin of the load.</param>
/// <param name="Kind">What.</param>
/// <param name="Silo">The silo concerned; null: all of them.</param>
/// <param name="For">How long.</param>
/// <param name="Lane">Faults of one lane never overlap: a process that is down is not killed.</param>
internal sealed record PlannedFault(TimeSpan At, FaultKind Kind, int? Silo, TimeSpan For, string Lane);

/// <summary>The faults of a run, drawn from its seed alone.</summary>
internal static class FaultPlan
{
    // Beyond three at once, nothing gets done any more and nothing is learnt.
    private const int MostAtOnce = 3;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    // How often each comes, how long it lasts, in milliseconds, and how long its target needs afterwards.
    private static readonly Dictionary<FaultKind, Shape> Shapes = new()
    {
        [FaultKind.KillSilo] = new(20, 0, 1_500, 2_500),
        [FaultKind.KillAllSilos] = new(2, 0, 500, 3_500),
        [FaultKind.PauseSilo] = new(30, 200, 7_000, 300),
        [FaultKind.KillDatabase] = new(7, 0, 2_000, 1_500),
        [FaultKind.KillBackend] = new(6, 0, 1, 1_500),
        [FaultKind.PauseDatabase] = new(7, 200, 4_500, 300),
        [FaultKind.EndSessions] = new(3, 0, 1, 300),
        [FaultKind.LockLedger] = new(3, 200, 4_500, 300),
        [FaultKind.KillFrontProxy] = new(4, 0, 500, 500),
        [FaultKind.KillBackProxy] = new(4, 0, 500, 500),
        [FaultKind.CutClients] = new(3, 200, 4_500, 300),
        [FaultKind.LoseAnswers] = new(4, 200, 3_500, 300),
        [FaultKind.DelayClients] = new(2, 1_000, 4_000, 100),
        [FaultKind.ResetClients] = new(2, 0, 1_500, 300),
        [FaultKind.CutLedger] = new(3, 200, 4_500, 300),
        [FaultKind.LoseCommits] = new(4, 200, 3_500, 300),
        [FaultKind.DelayLedger] = new(2, 1_000, 4_000, 100),
        [FaultKind.ResetLedger] = new(2, 0, 1_500, 300),
        // Long enough, some of them, for the patience of the membership as the stage sets it.
        [FaultKind.IsolateSilo] = new(8, 15_000, 30_000, 4_000),
        [FaultKind.ScatterSilos] = new(2, 3_000, 20_000, 4_000),
        [FaultKind.DeafenSilo] = new(5, 200, 20_000, 2_000),
        [FaultKind.MuteSilo] = new(5, 200, 20_000, 2_000),
        [FaultKind.BlipPeers] = new(6, 200, 4_500, 300),
        [FaultKind.DelayPeers] = new(3, 1_000, 4_000, 100),
        [FaultKind.ResetPeers] = new(5, 0, 12_000, 2_000),
        [FaultKind.ConnectionStorm] = new(3, 500, 3_000, 300),
        [FaultKind.FillDisk] = new(3, 1_000, 4_000, 2_000),
        [FaultKind.StallDisk] = new(3, 200, 4_500, 300),
        [FaultKind.SlowDisk] = new(3, 1_000, 4_000, 300),
    };

    /// <summary>Every kind that a run can have.</summary>
    public static IReadOnlyList<FaultKind> Kinds(TortureOptions options, bool disk) =>
    [
        .. Enum.GetValues<FaultKind>().Where(kind => (options.Postgres || !kind.NeedsPostgres()) && (disk || !kind.NeedsDisk())
            && (options.SilosTalk || !kind.NeedsCluster())),
    ];

    /// <summary>Draws the plan.</summary>
    public static IReadOnlyList<PlannedFault> Draw(TortureOptions options, bool disk)
    {
        Chance chance = Chance.Of(options.Seed, "faults");
        IReadOnlyList<FaultKind> kinds = Kinds(options, disk);
        int weights = kinds.Sum(kind => Shapes[kind].Weight);
        List<PlannedFault> plan = [];
        Dictionary<string, TimeSpan> busyUntil = [];
        TimeSpan at = Quiet;
        while (at < options.Duration)
        {
            FaultKind kind = Pick(kinds, chance.Below(weights));
            int silo = chance.Below(options.Silos);
            Shape shape = Shapes[kind];
            TimeSpan length = TimeSpan.FromMilliseconds(chance.Between(shape.Shortest, shape.Longest));
            PlannedFault fault = new(at, kind, Concerns(kind, silo), length, Lane(kind, silo, options.Postgres));
            string[] lanes = kind.IsOfAllSilos() ? [.. Enumerable.Range(0, options.Silos).Select(SiloLane)] : [fault.Lane];
            if (busyUntil.Values.Count(until => until > at) < MostAtOnce && lanes.All(lane => busyUntil.GetValueOrDefault(lane) <= at))
            {
                // All at once is each of them at the same moment, and counts as many.
                plan.AddRange(
                    lanes.Select((lane, number) => kind.IsOfAllSilos() ? fault with { Lane = lane, Silo = number } : fault));
                foreach (string lane in lanes) busyUntil[lane] = at + length + TimeSpan.FromMilliseconds(shape.Afterwards);
            }

            at += TimeSpan.FromMilliseconds(
                chance.Between((long)options.Every.TotalMilliseconds / 2, (long)options.Every.TotalMilliseconds * 3 / 2));
        }

        return plan;
    }

    private static FaultKind Pick(IReadOnlyList<FaultKind> kinds, int draw)
    {
        foreach (FaultKind kind in kinds)
        {
            draw -= Shapes[kind].Weight;
            if (draw < 0) return kind;
        }

        throw new InvalidOperationException("The draw is beyond the sum of the weights.");
    }

    private static int? Concerns(FaultKind kind, int silo) => kind switch
    {
        FaultKind.KillSilo or FaultKind.PauseSilo or FaultKind.CutClients or FaultKind.LoseAnswers or FaultKind.DelayClients
            or FaultKind.ResetClients
            or FaultKind.CutLedger or FaultKind.LoseCommits or FaultKind.DelayLedger or FaultKind.ResetLedger
                or FaultKind.ConnectionStorm => silo,
        _ when kind.NeedsCluster() => silo,
        _ => null,
    };

    private static string SiloLane(int silo) => $"silo {silo}";

    private static string Lane(FaultKind kind, int silo, bool postgres) => kind switch
    {
        FaultKind.KillSilo or FaultKind.PauseSilo or FaultKind.KillAllSilos => SiloLane(silo),
        // What is cut is the process that runs.
        _ when kind.NeedsCluster() => SiloLane(silo),
        FaultKind.KillFrontProxy => "front proxy",
        FaultKind.KillBackProxy => "back proxy",
        FaultKind.CutClients or FaultKind.LoseAnswers or FaultKind.DelayClients or FaultKind.ResetClients => $"clients of silo {silo}",
        FaultKind.CutLedger or FaultKind.LoseCommits or FaultKind.DelayLedger or FaultKind.ResetLedger => $"ledger of silo {silo}",
        FaultKind.ConnectionStorm => "storm",
        _ => postgres ? "database" : "ledger file",
    };

    private sealed record Shape(int Weight, int Shortest, int Longest, int Afterwards);
}
