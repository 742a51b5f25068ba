using System.Reflection;
using System.Runtime.CompilerServices;
using Settlement.Ledger;
using Settlement.Policy;
using Settlement.Simulate;

namespace Settlement.Simulation.Tests;

/// <summary>What was told of a run, one thing after the other, so that a test can tell it again with one thing changed.</summary>
internal abstract record Told
{
    internal sealed record Sent(Operation Operation) : Told;

    internal sealed record Committed(LedgerEntry Entry) : Told;

    internal sealed record Left(Operation Operation, Answer Answer, long CommittedAtDelivery) : Told;

    internal sealed record Rested(IReadOnlyList<LedgerEntry> Ledger) : Told;
}

/// <summary>The history of one honest run without faults, kept to be told again.</summary>
internal sealed class HistoryTape : IHistory
{
    private readonly IHistory checker;

    private HistoryTape(IHistory checker) => this.checker = checker;

    /// <summary>A run of a few hundred requests of every kind.</summary>
    public static IReadOnlyList<Told> Honest { get; } = Record(persons: 6, operations: 600);

    private List<Told> Tape { get; } = [];

    /// <summary>Tells a checker a history, and what it finds wrong with it.</summary>
    public static Invariant? Check(IEnumerable<Told> history, IReadOnlyDictionary<CounterId, long>? caps = null)
    {
        HistoryChecker checker = new(Rules.Pack, caps);
        foreach (Told told in history)
        {
            switch (told)
            {
                case Told.Sent sent:
                    sent.Operation.FirstAnswer = null;
                    checker.Sent(sent.Operation);
                    break;
                case Told.Committed committed:
                    checker.Committed(committed.Entry);
                    break;
                case Told.Left left:
                    checker.Left(left.Operation, left.Answer, left.CommittedAtDelivery);
                    break;
                case Told.Rested rested:
                    checker.Rested(rested.Ledger);
                    break;
            }
        }

        return checker.Found?.Invariant;
    }

    /// <summary>A copy of an entry with some properties changed; sealed anew unless it is to keep its old hash.</summary>
    public static LedgerEntry With(LedgerEntry entry, bool keepHash, params (string Name, object? Value)[] changes)
    {
        LedgerEntry copy = (LedgerEntry)RuntimeHelpers.GetUninitializedObject(typeof(LedgerEntry));
        foreach (PropertyInfo property in typeof(LedgerEntry).GetProperties().Where(property => property.SetMethod is not null))
        {
            if (property.Name == nameof(LedgerEntry.Hash) && !keepHash) continue;
            (string Name, object? Value) change = changes.FirstOrDefault(change => change.Name == property.Name);
            property.SetValue(copy, change.Name is null ? property.GetValue(entry) : change.Value);
        }

        return keepHash ? copy : copy.Seal();
    }

    public void Sent(Operation operation)
    {
        Tape.Add(new Told.Sent(operation));
        checker.Sent(operation);
    }

    public void Committed(LedgerEntry entry)
    {
        Tape.Add(new Told.Committed(entry));
        checker.Committed(entry);
    }

    public void Left(Operation operation, Answer answer, long committedAtDelivery)
    {
        Tape.Add(new Told.Left(operation, answer, committedAtDelivery));
        checker.Left(operation, answer, committedAtDelivery);
    }

    public void Rested(IReadOnlyList<LedgerEntry> ledger)
    {
        Tape.Add(new Told.Rested(ledger));
        checker.Rested(ledger);
    }

    /// <summary>Tells an honest run of so many requests.</summary>
    public static IReadOnlyList<Told> Record(int persons, int operations)
    {
        HistoryTape? tape = null;
        EpisodePlan plan = new() { Seed = 30, Operations = operations, Persons = persons, Clients = 4, Silos = 1, Faults = FaultKind.None };
        EpisodeResult result = Episode.Run(plan, Rules.Pack, new EpisodeParts { History = checker => tape = new HistoryTape(checker) });
        return result.Violation is null ? tape!.Tape : throw new InvalidOperationException($"The honest run is none: {result.Violation}");
    }
}
