using System.Collections.Frozen;

namespace Settlement.Simulate;

/// <summary>What makes an episode what it is: the same plan gives the same run, event for event.</summary>
internal sealed record EpisodePlan
{
    /// <summary>
    /// Requests of an episode in a campaign: long enough for every cap to bind, short enough to keep in memory and to shrink.
    /// </summary>
    public const int UsualOperations = 2_500;

    public required ulong Seed { get; init; }

    /// <summary>New requests that clients make; repeats of them are not counted.</summary>
    public int Operations { get; init; } = UsualOperations;

    public int Persons { get; init; } = 24;

    public int Clients { get; init; } = 20;

    public int Silos { get; init; } = 3;

    /// <summary>Kinds of fault that may strike.</summary>
    public FaultKind Faults { get; init; } = FaultKind.All;

    /// <summary>Single faults left out, as a shrunk plan names them.</summary>
    public IReadOnlySet<Strike> Spared { get; init; } = FrozenSet<Strike>.Empty;

    /// <summary>The plan of one episode of a campaign: sizes drawn from the seed.</summary>
    public static EpisodePlan Drawn(ulong seed)
    {
        Chance chance = Chance.Of(seed, "plan");
        return new EpisodePlan { Seed = seed, Persons = 8 + chance.Below(40), Clients = 4 + chance.Below(28), Silos = 1 + chance.Below(4) };
    }

    /// <summary>The arguments that run it again.</summary>
    public override string ToString() =>
        $"--episode {Seed} --operations {Operations} --persons {Persons} --clients {Clients} --silos {Silos}"
        + (Faults == FaultKind.All ? "" : $" --faults {Faults.ToString().Replace(" ", "", StringComparison.Ordinal)}")
        + (Spared.Count == 0 ? "" : $" --spare {string.Join(',', Spared.OrderBy(strike => strike.Kind).ThenBy(strike => strike.Number))}");
}
