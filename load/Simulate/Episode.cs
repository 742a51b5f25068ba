using System.Runtime.ExceptionServices;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Simulate;

/// <summary>What came of an episode.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Violation">The first broken invariant, or null.</param>
/// <param name="Settlements">Settlements that the database committed, without those that a correction settled again.</param>
/// <param name="Entries">Entries of all kinds.</param>
/// <param name="Corrected">Those of them that corrections made before the one that closes them.</param>
/// <param name="Acknowledged">Changes that were answered.</param>
/// <param name="Events">Events of the loop.</param>
/// <param name="Starts">How often a silo was started.</param>
/// <param name="Time">Simulated time, in ticks of 100 ns.</param>
/// <param name="Fingerprint">Equal for two runs of one plan, and hardly for two that differ in anything.</param>
/// <param name="Struck">The faults, in order.</param>
internal sealed record EpisodeResult(
    EpisodePlan Plan, Violation? Violation, long Settlements, long Entries, long Corrected, long Acknowledged, long Events, long Starts,
        long Time,
    ulong Fingerprint, IReadOnlyList<Strike> Struck);

/// <summary>What a test puts in place of a part, to see the checker find it.</summary>
internal sealed record EpisodeParts
{
    /// <summary>Makes the database.</summary>
    public Func<MemoryLedger> Ledger { get; init; } = static () => new MemoryLedger();

    /// <summary>Makes the store of a silo.</summary>
    public Func<StoreParts, ILedgerStore> Store { get; init; } = static parts => new SimulatedStore(parts);

    /// <summary>Put before the checker, to watch or to distort what it is told.</summary>
    public Func<IHistory, IHistory> History { get; init; } = static history => history;

    /// <summary>Where the journal of the run is written, if anywhere.</summary>
    public TextWriter? Journal { get; init; }
}

/// <summary>
/// One simulated world, from its first event to its rest: silos on one ledger, clients, faults while there is work, then quiet, in which
/// everything must come to its end. Runs on a thread of its own, so that nothing around it (a test runner's context) reaches into it.
/// </summary>
internal sealed class Episode
{
    /// <summary>A run that takes longer does not end: no plan of a campaign needs a tenth of it.</summary>
    private const long MostTime = 3_600 * Ticks.Second;

    /// <summary>
    /// Longest pause, message or late commit, and every client's last retries: what still happens when the faults have ended.
    /// </summary>
    private const long QuietTime = 10 * 60 * Ticks.Second;

    private static readonly DateOnly[] Starts = [new(2026, 12, 31), new(2027, 3, 31), new(2026, 6, 30), new(2026, 10, 10)];

    private readonly EpisodePlan plan;
    private readonly EventLoop loop = new();
    private readonly FaultInjector faults;
    private readonly Outage outage;
    private readonly MemoryLedger ledger;
    private readonly HistoryChecker checker;
    private readonly IHistory history;
    private readonly SimulatedCluster cluster;
    private readonly HospitalParts hospital;
    private readonly List<Operation> settled = [];

    private Episode(EpisodePlan plan, Pack pack, EpisodeParts parts)
    {
        this.plan = plan;
        Journal journal = new(loop, parts.Journal);
        faults = new FaultInjector(plan.Seed, plan.Faults, plan.Spared);
        outage = new Outage(loop, faults, journal);
        checker = new HistoryChecker(pack);
        history = parts.History(checker);
        ledger = parts.Ledger();
        ledger.Committed = entry =>
        {
            loop.Mark(Marked(entry.Hash));
            if (journal.IsOn) journal.Write($"committed: {entry.PersonId} entry {entry.Sequence}: {entry.Kind} {entry.RequestId}");
            history.Committed(entry);
        };
        Chance ways = Chance.Of(plan.Seed, "ways");
        cluster = new SimulatedCluster(
            plan.Silos,
            loop,
            faults,
            journal,
            plan.Seed,
            process => parts.Store(new StoreParts(ledger, process, faults, outage, ways, journal)),
            new Adjudicator(PolicyCatalogue.Of(pack)),
            Calendar.BeforeMidnight(Chance.Of(plan.Seed, "start").Pick(Starts)));
        SimulatedNetwork network = new(loop, faults, cluster, ledger, ways);
        hospital = new HospitalParts(loop, network, history, new OperationBudget(plan.Operations), journal);
    }

    /// <summary>Runs a plan.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="pack">The rules.</param>
    /// <param name="parts">Parts put in place of the usual ones.</param>
    /// <exception cref="EscapedException">Product code left the simulation's thread: the run is none.</exception>
    public static EpisodeResult Run(EpisodePlan plan, Pack pack, EpisodeParts? parts = null)
    {
        EpisodeResult? result = null;
        ExceptionDispatchInfo? failed = null;
        Thread thread = new(() =>
        {
            try
            {
                result = new Episode(plan, pack, parts ?? new EpisodeParts()).Run();
            }
            catch (Exception problem)
            {
                failed = ExceptionDispatchInfo.Capture(problem);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
        return result!;
    }

    private EpisodeResult Run()
    {
        string[] persons = [.. Enumerable.Range(0, plan.Persons).Select(static number => $"P{number}")];
        Hospital agency = new(hospital, Chance.Of(plan.Seed, "agency"), "agency", persons, settled);
        bool over = RunUntilDone(Task.WhenAll(persons.Select(agency.RegisterAsync)), MostTime)
            && RunUntilDone(Task.WhenAll(Clients(persons)), MostTime, quiet: () => hospital.Budget.IsUsedUp);
        if (over) ComeToRest();
        return new EpisodeResult(
            plan, checker.Found, checker.Settlements, ledger.Count, checker.Corrected, checker.Acknowledged, loop.Steps, cluster.Starts,
                loop.Now, loop.Fingerprint,
            faults.Struck);
    }

    private IEnumerable<Task> Clients(string[] persons) => Enumerable.Range(0, plan.Clients)
        .Select(number => new Hospital(hospital, Chance.Of(plan.Seed, $"client {number}"), $"c{number}", persons, settled).RunAsync());

    /// <summary>Runs until some work is done. False when an invariant broke on the way, or the work does not end.</summary>
    private bool RunUntilDone(Task work, long within, Func<bool>? quiet = null)
    {
        long until = loop.Now + within;
        while (!work.IsCompleted && checker.Found is null)
        {
            if (quiet?.Invoke() == true && faults.IsActive)
            {
                EndFaults();
                until = loop.Now + QuietTime;
            }

            if (loop.Step(until)) continue;
            checker.Report(new Violation(
                Invariant.Liveness,
                    $"after {loop.Now / Ticks.Second} s of simulated time {(loop.IsEmpty ? "nothing more happens" : "the clients are not done")}"));
        }

        if (work.IsFaulted) throw new InvalidOperationException("A simulated client failed.", work.Exception);
        return checker.Found is null;
    }

    /// <summary>Lets everything that is still under way arrive, then looks at the whole ledger.</summary>
    private void ComeToRest()
    {
        EndFaults();
        long until = loop.Now + QuietTime;
        bool more = true;
        while (more && checker.Found is null) more = loop.Step(until);
        if (checker.Found is null) history.Rested(ledger.All());
    }

    private static ulong Marked(LedgerHash hash)
    {
        Span<byte> bytes = stackalloc byte[LedgerHash.ByteLength];
        hash.CopyTo(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void EndFaults()
    {
        faults.IsActive = false;
        outage.End();
    }
}
