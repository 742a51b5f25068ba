using NBomber.Contracts.Stats;

namespace Settlement.Scenarios.Playing;

/// <summary>One way of life under load.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Shows">What it shows, in a line.</param>
/// <param name="DefaultRate">Arrivals a second, unless asked otherwise.</param>
/// <param name="DefaultSeconds">Length, unless asked otherwise.</param>
/// <param name="Play">Plays it.</param>
internal sealed record Scenario(string Name, string Shows, int DefaultRate, int DefaultSeconds, Func<Stage, IReadOnlyList<NodeStats>> Play)
{
    /// <summary>All of them. 208 a second is the average of a nation of 1.36 billion insured with 18 million settlements a day.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("steady", "discharges of all visit types, persons by a Zipf law, hospitals by size", 208, 60, SteadyMix.Play),
        new("morning", "the rate climbs to its peak, stays, halves", 2_080, 120, MorningPeak.Play),
        new("hot", "everything for one person", 208, 30, HotPerson.Play),
        new("bulk", "uploads over SettleMany; the rate counts settlements", 1_000, 30, BulkStream.Play),
        new("counter", "many quotes, some settle, few reverse; the rate counts visits to the counter", 100, 60, CounterWork.Play),
        new("soak", "the steady mix for long, with limits on errors and on the server's memory", 208, 3_600, Soak.Play),
        new("overload", "three times the capacity: refusals that name a delay, or bounded waits", 0, 20, Overload.Play),
    ];
}
