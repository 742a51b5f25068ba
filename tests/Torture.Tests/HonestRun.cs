using Settlement.Ledger;
using Settlement.Refusals;
using Settlement.Simulation.Tests;
using Settlement.Torture.Checking;
using Settlement.Torture.Clients;
using Settlement.Torture.History;
using Kind = Settlement.Torture.History.OperationKind;
using Simulated = Settlement.Simulate.Operation;

namespace Settlement.Torture.Tests;

/// <summary>
/// A history and a ledger that belong together: those of a simulated run without faults, some thousand requests of every kind through one
/// silo. A test changes one thing and sees it found.
/// </summary>
internal static class HonestRun
{
    private static readonly IReadOnlyList<Told> Run = HistoryTape.Record(persons: 60, operations: 2000);

    // The torture's clients do not ask for all that the simulation's do: a person of whom something else was asked is left out as a whole.
    private static readonly HashSet<string> LeftOut =
        [.. Run.OfType<Told.Sent>().Where(static told => !Enum.TryParse<Kind>($"{told.Operation.Kind}", out _))
            .Select(static told => told.Operation.Person)];

    /// <summary>What the clients saw, in the order in which they sent it.</summary>
    public static IReadOnlyList<Attempt> Attempts { get; } = Told();

    /// <summary>What the ledger holds.</summary>
    public static IReadOnlyList<LedgerEntry> Ledger { get; } =
        [.. Run.OfType<Told.Committed>().Select(static told => told.Entry)
            .Where(static entry => !LeftOut.Contains(entry.PersonId))];

    /// <summary>What the checker makes of a history and a ledger.</summary>
    public static Task<CheckResult> ResultAsync(IEnumerable<Attempt> attempts, IEnumerable<LedgerEntry> ledger) =>
        HistoryChecker.CheckAsync(Rules.Pack, attempts, new ListedLedger(ledger, Rules.Pack));

    private static List<Attempt> Told()
    {
        List<Attempt> attempts = [];
        Dictionary<Simulated, (long Number, long At)> sent = [];
        long now = 0;
        foreach (Told told in Run)
        {
            now += 10;
            if (told is Told.Sent { Operation: var asked }) sent[asked] = (sent.Count, now);
            if (told is not Told.Left { Operation: var operation, Answer: var answer } || LeftOut.Contains(operation.Person)) continue;
            (long number, long at) = sent[operation];
            Operation same = new()
            {
                Number = number,
                Kind = Enum.Parse<Kind>($"{operation.Kind}"),
                Person = operation.Person,
                Origin = operation.RequestId.Length > 0 ? operation.Origin : "",
                RequestId = operation.RequestId,
                Request = operation.Request!,
                Conflict = operation.IsConflict,
                Target = operation.Target?.RequestKey.ToString() ?? "",
            };
            Attempt attempt = same.At(0, at) with { Returned = now };
            attempts.Add(answer.Value is { } value
                ? Operation.Answered(attempt, value)
                : attempt with { Outcome = answer.Refusal!.Code == RefusalCodes.OutcomeUnknown
                    ? Outcome.Indeterminate
                    : Outcome.Refused, Code = answer.Refusal.Code });
        }

        return attempts;
    }
}
