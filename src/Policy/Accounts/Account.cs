using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>Newest unreversed settlement of a benefit year, by ledger sequence.</summary>
public readonly record struct YearTip(int Year, long Sequence);

/// <summary>
/// Everything the rules know of one insured person: registered facts, counters, and per benefit year the newest settlement that stands.
/// Immutable; equal accounts encode to equal bytes (<see cref="AccountCodec"/>).
/// </summary>
public sealed class Account
{
    private readonly ImmutableArray<YearTip> tips;

    internal Account(PersonFacts facts, CounterSet counters, ImmutableArray<YearTip> tips, long lastSequence)
    {
        Facts = facts;
        Counters = counters;
        this.tips = tips;
        LastSequence = lastSequence;
    }

    /// <summary>A person of whom nothing is known yet.</summary>
    public static Account Empty { get; } = new(PersonFacts.Empty, CounterSet.Empty, [], 0);

    /// <summary>Registered facts.</summary>
    public PersonFacts Facts { get; }

    /// <summary>Accumulated values.</summary>
    public CounterSet Counters { get; }

    /// <summary>Newest unreversed settlement per benefit year, sorted by year.</summary>
    public ImmutableArray<YearTip> Tips => tips;

    /// <summary>Ledger sequence of the person's newest entry, 0 when there is none.</summary>
    public long LastSequence { get; }

    /// <summary>Sequence of the newest unreversed settlement of a benefit year, 0 when there is none.</summary>
    public long TipOf(int year)
    {
        foreach (var tip in tips)
            if (tip.Year == year)
                return tip.Sequence;

        return 0;
    }

    /// <summary>Value of a counter of a benefit year (fen, or a count).</summary>
    public long Counter(CounterId id, int year, int period = 0, byte sub = 0) => Counters[new CounterKey(id, year, period, sub)];

    internal Account With(PersonFacts facts, long sequence) => new(facts, Counters, tips, sequence);

    internal Account With(CounterSet counters, int year, long tip, long sequence)
        => new(Facts, counters, WithTip(year, tip), sequence);

    private ImmutableArray<YearTip> WithTip(int year, long sequence)
    {
        if (tips.Length == 1 && tips[0].Year == year && sequence != 0)
            return [new YearTip(year, sequence)];

        var next = ImmutableArray.CreateBuilder<YearTip>(tips.Length + 1);
        var placed = sequence == 0;
        foreach (var tip in tips)
        {
            if (!placed && tip.Year >= year)
            {
                next.Add(new YearTip(year, sequence));
                placed = true;
            }

            if (tip.Year != year)
                next.Add(tip);
        }

        if (!placed)
            next.Add(new YearTip(year, sequence));

        return next.DrainToImmutable();
    }
}
