namespace Settlement.Simulate;

/// <summary>One fault of a run: the kind and which of its kind.</summary>
internal readonly record struct Strike(FaultKind Kind, int Number)
{
    /// <summary>As the command line takes it.</summary>
    public override string ToString() => $"{Kind}:{Number}";
}

/// <summary>
/// Decides when what goes wrong. A run uses some kinds only and each at a rate of its own, so that rare combinations come up: a run
/// without crashes lets other faults pile up.
/// </summary>
internal sealed class FaultInjector
{
    // Once in so many messages, turns, batches or reads, whichever the kind strikes at.
    private static readonly (FaultKind Kind, int Once)[] Usual =
    [
        (FaultKind.LoseRequest, 120), (FaultKind.LoseReply, 120), (FaultKind.DuplicateRequest, 40), (FaultKind.DelayMessage, 100),
            (FaultKind.Misroute, 60),
        (FaultKind.Crash, 4_000), (FaultKind.Restart, 8_000), (FaultKind.PauseSilo, 4_000), (FaultKind.PauseActivation, 1_500),
            (FaultKind.Collect, 1_000),
        (FaultKind.FailBefore, 150), (FaultKind.FailAfter, 150), (FaultKind.CommitLate, 200), (FaultKind.FailRead, 100),
            (FaultKind.Outage, 2_000),
        (FaultKind.SlowDisk, 500), (FaultKind.Defect, 800), (FaultKind.ClockJump, 3_000),
    ];

    private readonly Kind[] kinds;
    private readonly IReadOnlySet<Strike> spared;

    /// <param name="seed">Seed of the run.</param>
    /// <param name="allowed">Kinds that may strike at all.</param>
    /// <param name="spared">Single faults that are left out, though chance drew them.</param>
    public FaultInjector(ulong seed, FaultKind allowed, IReadOnlySet<Strike> spared)
    {
        this.spared = spared;
        Chance swarm = Chance.Of(seed, "swarm");
        kinds = new Kind[Usual.Length];
        foreach ((FaultKind kind, int once) in Usual)
        {
            // Every kind draws its part of the swarm, allowed or not: the others must not notice. Two kinds in three take part.
            bool takesPart = swarm.Below(3) > 0;
            int rate = once << swarm.Below(3) >> 1;
            kinds[System.Numerics.BitOperations.TrailingZeroCount((int)kind)] =
                new Kind(Chance.Of(seed, $"fault {kind}"), takesPart && allowed.HasFlag(kind) ? Math.Max(1, rate) : 0);
        }
    }

    /// <summary>False once the run is to come to rest.</summary>
    public bool IsActive { get; set; } = true;

    /// <summary>The faults that struck, in order.</summary>
    public List<Strike> Struck { get; } = [];

    /// <summary>Whether a fault strikes here and now.</summary>
    public bool Strikes(FaultKind kind)
    {
        Kind drawn = kinds[System.Numerics.BitOperations.TrailingZeroCount((int)kind)];
        if (!IsActive || !drawn.Chance.OneIn(drawn.Once)) return false;
        Strike strike = new(kind, ++drawn.Count);
        if (spared.Contains(strike)) return false;
        Struck.Add(strike);
        return true;
    }

    /// <summary>Chance for the details of a fault of a kind.</summary>
    public Chance Details(FaultKind kind) => kinds[System.Numerics.BitOperations.TrailingZeroCount((int)kind)].Chance;

    private sealed class Kind(Chance chance, int once)
    {
        public Chance Chance => chance;

        public int Once => once;

        public int Count { get; set; }
    }
}
