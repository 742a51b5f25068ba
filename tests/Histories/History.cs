using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Settlement.Policy;

namespace Settlement.Tests.Histories;

/// <summary>
/// A person of a region and what is done with the person, in order. Written out, it is what a reader needs to see the case again.
/// </summary>
public sealed record History(int Region, ImmutableArray<Fact> Person, ImmutableArray<Act> Acts)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"region {Region}, person: {string.Join("; ", Person.Select(Words.Of))}\n{string.Join('\n', Acts.Select((act, i) => $"  {i + 1}. {act}"))}";

    /// <summary>Smaller histories that may show the same: half of the acts, one act less, one fact less, a simpler bill.</summary>
    public IEnumerable<History> Smaller()
    {
        for (var part = Acts.Length / 2; part >= 2; part /= 2)
            for (var at = 0; at < Acts.Length; at += part)
                yield return this with { Acts = Acts.RemoveRange(at, Math.Min(part, Acts.Length - at)) };

        for (var i = 0; i < Acts.Length; i++)
            yield return this with { Acts = Acts.RemoveAt(i) };

        for (var i = 0; i < Person.Length; i++)
            if (Person[i] is not (BirthFact or InsuredFact or ContributionFact or CoverageFact))
                yield return this with { Person = Person.RemoveAt(i) };

        for (var i = 0; i < Acts.Length; i++)
            if (Acts[i] is SettleAct { Claim: var claim } && Simpler(claim) is { } simpler)
                yield return this with { Acts = Acts.SetItem(i, new SettleAct(simpler)) };
    }

    /// <summary>The bill with nothing beside what is in scope, then with half of that; null when it is as simple as can be.</summary>
    private static Claim? Simpler(Claim claim)
    {
        if (claim.Totals is not { } t || claim.KnownPayments is not null)
            return null;

        var inScope = t.Total - t.SelfFunded - t.OverLimit - t.PreSelfPay;
        if (inScope != t.Total)
            return claim with { Totals = new ClaimTotals(inScope, 0, 0, 0, 0) };

        return inScope >= 20_000 ? claim with { GeneralFee = 0, Totals = new ClaimTotals(inScope / 200 * 100, 0, 0, 0, 0) } : null;
    }
}

/// <summary>A city whose histories are tried.</summary>
/// <param name="Name">Name of its pack.</param>
/// <param name="Region">Its region.</param>
/// <param name="Histories">Random histories.</param>
public sealed record City(string Name, int Region, Gen<History> Histories)
{
    /// <summary>Every city, its histories in their full breadth.</summary>
    public static ImmutableArray<City> All { get; } = [
        Of("shenyang", ShenyangHistories.Region, ShenyangHistories.Persons, ShenyangHistories.Acts),
        Of("benxi", BenxiHistories.Region, BenxiHistories.Persons, BenxiHistories.Acts),
        Of("panjin", PanjinHistories.Region, PanjinHistories.Persons, PanjinHistories.Acts)];

    /// <summary>The city of a name.</summary>
    public static City Named(string name) => All.Single(c => c.Name == name);

    private static City Of(string name, int region, Gen<ImmutableArray<Fact>> persons, Gen<Act> acts) => new(
        name,
        region,
        from person in persons
        from done in acts.ArrayOf()
        select new History(region, person, [.. done]));
}
