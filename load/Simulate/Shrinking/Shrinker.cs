using System.Collections.Frozen;

namespace Settlement.Simulate;

/// <summary>
/// Makes a failing plan smaller as long as it goes on breaking the same invariant: fewer requests, clients, persons and silos, fewer
/// kinds of fault, fewer single faults. Every attempt is a run of its own; what is left is the shortest found, not the shortest there is.
/// </summary>
internal sealed class Shrinker(Func<EpisodePlan, EpisodeResult> run, Invariant invariant)
{
    private const int MostRuns = 400;

    /// <summary>Runs that it took.</summary>
    public int Runs { get; private set; }

    /// <summary>Shrinks a run that broke the invariant.</summary>
    public EpisodeResult Shrink(EpisodeResult failing)
    {
        EpisodeResult smallest = failing;
        bool smaller = true;
        while (smaller && Runs < MostRuns)
        {
            EpisodeResult before = smallest;
            smallest = Fewer(smallest, static plan => plan.Operations, static (plan, count) => plan with { Operations = count });
            smallest = Fewer(smallest, static plan => plan.Clients, static (plan, count) => plan with { Clients = count });
            smallest = Fewer(smallest, static plan => plan.Persons, static (plan, count) => plan with { Persons = count });
            smallest = Fewer(smallest, static plan => plan.Silos, static (plan, count) => plan with { Silos = count });
            smallest = WithoutKinds(smallest);
            smallest = WithoutSingleFaults(smallest);
            smaller = !ReferenceEquals(before, smallest);
        }

        return smallest;
    }

    /// <summary>Halves the way to one as long as that still fails, then goes down in ever smaller steps.</summary>
    private EpisodeResult Fewer(EpisodeResult failing, Func<EpisodePlan, int> size, Func<EpisodePlan, int, EpisodePlan> with)
    {
        int step = size(failing.Plan) / 2;
        while (step > 0)
        {
            int wanted = size(failing.Plan) - step;
            if (wanted >= 1 && Attempt(with(failing.Plan, wanted)) is { } still) failing = still;
            else step /= 2;
        }

        return failing;
    }

    private EpisodeResult WithoutKinds(EpisodeResult failing)
    {
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            if (kind is FaultKind.None or FaultKind.All || !failing.Plan.Faults.HasFlag(kind)) continue;
            if (Attempt(failing.Plan with { Faults = failing.Plan.Faults & ~kind }) is { } still) failing = still;
        }

        return failing;
    }

    /// <summary>Leaves out the faults in ever smaller portions: half of them, a quarter, at last each alone.</summary>
    private EpisodeResult WithoutSingleFaults(EpisodeResult failing)
    {
        for (int portion = failing.Struck.Count; portion > 0 && Runs < MostRuns; portion /= 2)
        {
            for (int from = 0; from < failing.Struck.Count; from += portion)
            {
                IEnumerable<Strike> spared = failing.Struck.Skip(from).Take(portion);
                if (Attempt(failing.Plan with { Spared = failing.Plan.Spared.Union(spared).ToFrozenSet() }) is not { } still) continue;
                failing = still;
                from -= portion;
            }
        }

        return failing;
    }

    private EpisodeResult? Attempt(EpisodePlan plan)
    {
        if (Runs >= MostRuns) return null;
        Runs++;
        EpisodeResult result = run(plan);
        return result.Violation?.Invariant == invariant ? result : null;
    }
}
