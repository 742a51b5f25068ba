using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>
/// Silos that know nothing of each other, on one ledger. A silo that died starts again; each start is a process of its own, so that
/// what the old one left undone never runs.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly EventLoop loop;
    private readonly FaultInjector faults;
    private readonly Journal journal;
    private readonly ulong seed;
    private readonly Func<SimulatedProcess, ILedgerStore> openStore;
    private readonly Adjudicator adjudicator;
    private readonly DateTimeOffset start;
    private readonly SimulatedSilo?[] silos;
    private readonly TimeSpan[] skews;
    private int starts;

    public SimulatedCluster(
        int count, EventLoop loop, FaultInjector faults, Journal journal, ulong seed, Func<SimulatedProcess, ILedgerStore> openStore,
            Adjudicator adjudicator,
        DateTimeOffset start)
    {
        (this.loop, this.faults, this.journal, this.seed) = (loop, faults, journal, seed);
        (this.openStore, this.adjudicator, this.start) = (openStore, adjudicator, start);
        silos = new SimulatedSilo?[count];
        skews = new TimeSpan[count];
        for (int i = 0; i < count; i++) Start(i);
    }

    public int Count => silos.Length;

    /// <summary>How often a silo was started.</summary>
    public int Starts => starts;

    /// <summary>The silo at a place, or null while there is none.</summary>
    public SimulatedSilo? At(int place) => silos[place];

    private void Start(int place)
    {
        string name = $"silo {place}.{++starts}";
        SimulatedProcess process = new(loop, name, Chance.Of(seed, $"turns of {name}"));
        SimulatedTime time = new(process, start) { Skew = skews[place] };
        SimulatedSilo silo = new(process, openStore(process), time, adjudicator);
        process.BeforeTurn = queue => Disturb(place, silo, queue);
        silos[place] = silo;
        if (journal.IsOn) journal.Write($"{name} starts");
    }

    /// <summary>
    /// Called before every turn of a silo: between any two of its awaits it may die, stand still, or find its clock moved.
    /// </summary>
    private void Disturb(int place, SimulatedSilo silo, TurnQueue queue)
    {
        if (faults.Strikes(FaultKind.Crash))
        {
            Note(silo, "is killed");
            silo.Process.Kill();
            Replace(place, silo, faults.Details(FaultKind.Crash).Between(Ticks.Millisecond, 3 * Ticks.Second));
            return;
        }

        if (faults.Strikes(FaultKind.PauseSilo)) Pause(silo, faults.Details(FaultKind.PauseSilo), silo.Process.Pause);
        if (faults.Strikes(FaultKind.PauseActivation)) Pause(silo, faults.Details(FaultKind.PauseActivation), queue.Pause);
        if (faults.Strikes(FaultKind.Collect) && silo.Activations.Count > 0)
            silo.Activations.ElementAt(faults.Details(FaultKind.Collect).Below(silo.Activations.Count)).Deactivate();
        if (faults.Strikes(FaultKind.ClockJump)) Jump(place, silo);
        if (faults.Strikes(FaultKind.Restart))
        {
            Note(silo, "is stopped");
            silo.Stop(() =>
            {
                silo.Process.Kill();
                Replace(place, silo, faults.Details(FaultKind.Restart).Between(Ticks.Millisecond, Ticks.Second));
            });
        }
    }

    private void Replace(int place, SimulatedSilo ended, long after)
    {
        if (!ReferenceEquals(silos[place], ended)) return;
        silos[place] = null;
        loop.After(after, () => Start(place));
    }

    private void Pause(SimulatedSilo silo, Chance details, Action<long> pause)
    {
        // Mostly long enough to be overtaken, sometimes past every time-out.
        long length = details.OneIn(8)
            ? details.Between(5 * Ticks.Second, 60 * Ticks.Second)
            : details.Between(Ticks.Millisecond, 3 * Ticks.Second);
        Note(silo, $"stands still for {length / Ticks.Millisecond} ms");
        pause(length);
    }

    private void Jump(int place, SimulatedSilo silo)
    {
        Chance details = faults.Details(FaultKind.ClockJump);
        DateTimeOffset now = silo.Time.GetUtcNow();
        silo.Time.Skew += details.Below(5) switch
        {
            0 => TimeSpan.FromHours(details.OneIn(2) ? 1 : -1),
            1 => TimeSpan.FromDays(details.OneIn(2) ? 1 : -1),
            2 => Calendar.ToEdge(now, Calendar.NextDay),
            3 => Calendar.ToEdge(now, Calendar.NextQuarter),
            _ => Calendar.ToEdge(now, Calendar.NextYear),
        };
        skews[place] = silo.Time.Skew;
        Note(silo, $"has its clock set to {silo.Time.GetUtcNow():u}");
    }

    private void Note(SimulatedSilo silo, string what)
    {
        if (journal.IsOn) journal.Write($"{silo.Process.Name} {what}");
    }
}
