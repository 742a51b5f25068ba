using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Contract;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Torture.Checking;
using Settlement.Torture.Clients;
using Settlement.Torture.Faults;
using Settlement.Torture.History;
using Settlement.Torture.Serving;
using Chance = Settlement.Simulate.Chance;
using Violation = Settlement.Torture.Checking.Violation;

namespace Settlement.Torture;

/// <summary>What a run came to.</summary>
/// <param name="Result">What the check found.</param>
/// <param name="Attempts">What clients sent and saw.</param>
/// <param name="Faults">What was struck.</param>
/// <param name="VotedOut">How often silos of a cluster voted one of them out, which then was started again.</param>
internal sealed record TortureOutcome(CheckResult Result, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Struck> Faults, int VotedOut);

/// <summary>One run: start, load under faults, rest, questions, stop, check.</summary>
internal sealed class TortureRun
{
    private const int Shenyang = 210100;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly TortureOptions options;
    private readonly Stage stage;
    private readonly HistoryFile history;
    private readonly TextWriter output;
    private readonly Hospital[] hospitals;
    private readonly Wire[] wires;
    private readonly HospitalParts parts;
    private readonly List<Violation> violations = [];

    private TortureRun(TortureOptions options, Stage stage, HistoryFile history, TextWriter output)
    {
        (this.options, this.stage, this.history, this.output) = (options, stage, history, output);
        parts = new HospitalParts(
            [.. Enumerable.Range(0, options.Persons).Select(static number => $"P{number}")], new Settled(), new Count());
        string[] addresses = [.. Enumerable.Range(0, options.Silos).Select(stage.AddressOf)];
        wires = [.. Enumerable.Range(0, options.Clients).Select(_ => new Wire(addresses, history, Deadline))];
        hospitals = [
            .. wires.Select((wire, number) => new Hospital(parts, wire, Chance.Of(options.Seed, $"client {number}"), $"c{number}"))];
    }

    /// <summary>Does it.</summary>
    /// <param name="options">What.</param>
    /// <param name="output">Where it tells how it goes.</param>
    public static async Task<TortureOutcome> RunAsync(TortureOptions options, TextWriter output)
    {
        await using Stage stage = await Stage.OpenAsync(options);
        output.WriteLine(
            $"seed {options.Seed}: {(options.Postgres ? "PostgreSQL" : "SQLite")}, {options.Silos} silos, {options.Clients} clients, {options.Persons} persons; history in {options.History}");
        if (stage.DiskLacking is { } reason) output.WriteLine($"without faults of the disk, no file system can be mounted: {reason}");
        if (!options.SilosTalk)
            output.WriteLine($"without faults between silos: {(options.Silos == 1 ? "there is one" : "they do not talk to each other; with --membership adonet, on the stack packages, they do")}");
        using (HistoryFile history = new(options.History))
        {
            TortureRun run = new(options, stage, history, output);
            try
            {
                await run.PlayAsync();
            }
            finally
            {
                foreach (Wire wire in run.wires) wire.Dispose();
            }

            history.Flush();
            return await run.CheckAsync();
        }
    }

    private async Task PlayAsync()
    {
        await RegisterAsync();
        if (violations.Count > 0) return;
        IReadOnlyList<PlannedFault> plan = FaultPlan.Draw(options, stage.Disk is not null);
        Nemesis nemesis = new(stage, history);
        using CancellationTokenSource stopping = new();
        Task[] load = [.. hospitals.Select(hospital => Task.Run(() => hospital.RunAsync(stopping.Token)))];
        Task telling = TellAsync(nemesis, plan.Count, stopping.Token);
        try
        {
            await nemesis.StrikeAsync(plan, options.Whole ? TimeSpan.MaxValue : options.Duration);
            stage.MustAllRun();
        }
        catch (SiloEndedException ended)
        {
            violations.Add(new Violation(Invariant.NoDefect, ended.Message, history.Now));
        }

        await stopping.CancelAsync();
        await Task.WhenAll([.. load, telling]);
        if (violations.Count > 0) return;
        await WorkAgainAsync();
        await AskAsync(atRest: false);
        await AskAsync(atRest: true);
        try
        {
            await stage.StopSilosAsync();
        }
        catch (SiloEndedException ended)
        {
            violations.Add(new Violation(Invariant.NoDefect, ended.Message, history.Now));
        }
    }

    /// <summary>Registers the persons before any fault, and so with patience.</summary>
    private async Task RegisterAsync()
    {
        using Wire patient = new([.. Enumerable.Range(0, options.Silos).Select(stage.AddressOf)], history, Patience);
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async client =>
        {
            Hospital agency = new(parts, patient, Chance.Of(options.Seed, $"agency {client}"), $"agency{client}");
            for (int number = client; number < options.Persons; number += options.Clients)
            {
                Attempt attempt = await agency.RegisterAsync(parts.Persons[number], number);
                if (attempt.Outcome == Outcome.Acknowledged) continue;
                // One request alone registers a person: however often it is sent, no other answer is right.
                Invariant broken = attempt.Outcome == Outcome.Indeterminate ? Invariant.Liveness : Invariant.Refused;
                lock (violations) violations.Add(
                    new Violation(broken, $"the one registration of {attempt.Person} is answered {attempt.Code}", attempt.Invoked));
                return;
            }
        }));
    }

    /// <summary>When all faults have ended, every silo settles again.</summary>
    private async Task WorkAgainAsync()
    {
        long until = history.Now + (long)Patience.TotalMicroseconds;
        for (int silo = 0; silo < options.Silos; silo++)
        {
            while (!await hospitals[0].TrySettleAsync(parts.Persons[silo % options.Persons], silo))
            {
                if (history.Now > until)
                {
                    violations.Add(
                        new Violation(
                        Invariant.Liveness, $"silo {silo} settles nothing {Patience.TotalSeconds:0} s after the last fault", history.Now));
                    return;
                }

                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>Asks what became of every request whose clients gave up, each silo, until none says that it is under way.</summary>
    private async Task AskAsync(bool atRest)
    {
        history.Flush();
        Attempt[] unknown =
        [
            .. HistoryFile.Read(options.History).Attempts.Where(static attempt => attempt is { IsChange: true, Conflict: false })
                .GroupBy(static attempt => (attempt.Origin, attempt.RequestId))
                .Where(static request => request.All(static attempt => attempt.Outcome is Outcome.Indeterminate or Outcome.Refused)
                    && request.Any(static attempt => attempt.Outcome == Outcome.Indeterminate))
                .Select(static request => request.First()),
        ];
        if (!atRest) output.WriteLine($"rest: asking for {unknown.Length:N0} requests of which nobody knows");
        await Parallel.ForEachAsync(unknown, new ParallelOptions { MaxDegreeOfParallelism = options.Clients }, async (attempt, _) =>
        {
            for (int silo = 0; silo < options.Silos; silo++) await AskAsync(attempt, silo, atRest);
        });
    }

    private async Task AskAsync(Attempt unknown, int silo, bool atRest)
    {
        GetByRequestRequest question =
            new() { Person = unknown.Person, RequestId = unknown.RequestId, Facility = unknown.Origin == Reversals.Agency
            ? ""
            : unknown.Origin };
        Operation ask = new()
        {
            Number = parts.Operations.Next(),
            Kind = OperationKind.Ask,
            Person = unknown.Person,
            Origin = unknown.Origin,
            RequestId = unknown.RequestId,
            Request = question,
            AtRest = atRest,
        };
        long until = history.Now + (long)Patience.TotalMicroseconds;
        while (true)
        {
            (Attempt answer, _) = await wires[(int)(ask.Number % wires.Length)].SendAsync(ask, silo);
            if (answer.Outcome == Outcome.Acknowledged && answer.Code != nameof(GetByRequestResponse.Types.State.InProgress)) return;
            if (history.Now > until)
            {
                lock (violations) violations.Add(
                    new Violation(
                    Invariant.Liveness, $"silo {silo} cannot tell what became of {unknown.RequestId}: {answer.Code}", history.Now));
                return;
            }

            await Task.Delay(Pause);
        }
    }

    private async Task<TortureOutcome> CheckAsync()
    {
        output.WriteLine("check: the history against the ledger");
        (List<Attempt> attempts, List<Struck> faults) = HistoryFile.Read(options.History);
        Pack pack = PolicyCatalogue.Load(Surroundings.Policies).Find(Shenyang)
            ?? throw new InvalidOperationException($"No pack is that of region {Shenyang}.");
        await using ILedgerStore store = LedgerStore.Create(stage.Ledger, NullLoggerFactory.Instance);
        await store.InitialiseAsync();
        CheckResult result = await HistoryChecker.CheckAsync(pack, attempts, store);
        return new TortureOutcome(
            result with { Violations = [.. result.Violations, .. violations] }, attempts, faults,
            stage.Silos.Sum(static silo => silo.TimesVotedOut));
    }

    /// <summary>How it goes, every second on a terminal, every half a minute elsewhere.</summary>
    private async Task TellAsync(Nemesis nemesis, int planned, CancellationToken stopping)
    {
        bool terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        using PeriodicTimer timer = new(terminal ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(30));
        long begin = history.Now;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                TimeSpan passed = TimeSpan.FromMicroseconds(history.Now - begin);
                string line = string.Create(CultureInfo.InvariantCulture,
                    $"{passed:mm\\:ss} of {options.Duration:hh\\:mm\\:ss}: {parts.Operations.Value:N0} operations, {history.Acknowledged:N0} changes acknowledged, {history.Unknown:N0} attempts unanswered, {nemesis.Struck} of {planned} faults, {nemesis.Striking} now");
                output.Write(terminal ? $"\r\u001b[K{line}" : $"{line}\n");
            }
        }
        catch (OperationCanceledException)
        {
            if (terminal) output.WriteLine();
        }
    }
}
